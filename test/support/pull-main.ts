/** Pulls one model in a process of its own. Arguments: catalogue, models folder, id. Says `progress` on the first bytes. */
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { createModelStore } from '#services/model-manager/store.js';

const [cataloguePath = '', modelsDir = '', id = ''] = process.argv.slice(2);
const store = createModelStore({ catalogue: loadCatalogue(cataloguePath), modelsDir });
let said = false;
await store.pull(id, {
  onProgress: () => {
    if (!said) console.log('progress');
    said = true;
  },
});
