/** The page of Swagger UI; addresses are relative to it. */
export const swaggerPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>whosaid: try the API</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
`;

/**
 * Starts it. Two things are not as by default. Without `validatorUrl: null` it would send the address of the document to
 * a host of its makers. And it would fill every field of a form with some sample and send them all, which no server
 * could make sense of: fields begin with what they are when they are left out.
 */
export const swaggerStart = `const EMPTY = { array: '[]', object: '' };

const EmptyForms = () => ({
  afterLoad(system) {
    const sampleOf = system.fn.getSampleSchema;
    system.fn.getSampleSchema = (schema, mediaType, ...rest) => {
      // Fields of forms alone are asked for without a media type.
      if (mediaType !== false) return sampleOf(schema, mediaType, ...rest);
      const { type, default: value, examples = [] } = schema.toJS?.() ?? schema;
      return value ?? examples[0] ?? EMPTY[type] ?? '';
    };
  },
});

SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  plugins: [EmptyForms],
});
`;
