import protobuf from 'protobufjs';

/**
 * The part of the ONNX file format that graph editing needs, as protobuf field numbers
 * (onnx/onnx.proto in the ONNX specification). Fields left out are dropped when a model is written again:
 * documentation strings, training information and metadata.
 */
const field = (id: number, type: string, rule?: 'repeated') => ({
  id,
  type,
  ...(rule && { rule }),
});
const packed = (id: number, type: string) => ({
  ...field(id, type, 'repeated'),
  options: { packed: true },
});

const root = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        graph: field(7, 'Graph'),
        opsetImport: field(8, 'OperatorSet', 'repeated'),
      },
    },
    OperatorSet: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    Graph: {
      fields: {
        node: field(1, 'Node', 'repeated'),
        name: field(2, 'string'),
        initializer: field(5, 'Tensor', 'repeated'),
        input: field(11, 'ValueInfo', 'repeated'),
        output: field(12, 'ValueInfo', 'repeated'),
      },
    },
    Node: {
      fields: {
        input: field(1, 'string', 'repeated'),
        output: field(2, 'string', 'repeated'),
        name: field(3, 'string'),
        opType: field(4, 'string'),
        attribute: field(5, 'Attribute', 'repeated'),
        domain: field(7, 'string'),
      },
    },
    Attribute: {
      fields: {
        name: field(1, 'string'),
        f: field(2, 'float'),
        i: field(3, 'int64'),
        s: field(4, 'bytes'),
        t: field(5, 'Tensor'),
        g: field(6, 'Graph'),
        floats: field(7, 'float', 'repeated'),
        ints: field(8, 'int64', 'repeated'),
        strings: field(9, 'bytes', 'repeated'),
        type: field(20, 'int32'),
      },
    },
    Tensor: {
      fields: {
        dims: field(1, 'int64', 'repeated'),
        dataType: field(2, 'int32'),
        floatData: packed(4, 'float'),
        int32Data: packed(5, 'int32'),
        int64Data: packed(7, 'int64'),
        name: field(8, 'string'),
        rawData: field(9, 'bytes'),
        externalData: field(13, 'Entry', 'repeated'),
        dataLocation: field(14, 'int32'),
      },
    },
    Entry: { fields: { key: field(1, 'string'), value: field(2, 'string') } },
    ValueInfo: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
    Type: { fields: { tensorType: field(1, 'TensorType') } },
    TensorType: { fields: { elemType: field(1, 'int32'), shape: field(2, 'Shape') } },
    Shape: { fields: { dim: field(1, 'Dimension', 'repeated') } },
    Dimension: { fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') } },
  },
});

const Model = root.lookupType('Model');

type Integer = number | { toNumber(): number };

export type OnnxDimension = { dimValue?: Integer; dimParam?: string };
export type OnnxValueInfo = {
  name: string;
  type: { tensorType: { elemType: number; shape?: { dim: OnnxDimension[] } } };
};
export type OnnxTensor = {
  name: string;
  dims: Integer[];
  dataType: number;
  rawData?: Uint8Array;
  /** Where the exporter wrote values of these types one by one. */
  floatData?: number[];
  int32Data?: number[];
  /** Where the data is, if in a file of its own. */
  externalData?: { key: string; value: string }[];
  dataLocation?: number;
};
export type OnnxAttribute = {
  name: string;
  type: number;
  f?: number;
  i?: Integer;
  ints?: Integer[];
  t?: OnnxTensor;
  g?: OnnxGraph;
};
export type OnnxNode = {
  name: string;
  opType: string;
  domain?: string;
  input: string[];
  output: string[];
  attribute: OnnxAttribute[];
};
export type OnnxGraph = {
  name: string;
  node: OnnxNode[];
  initializer: OnnxTensor[];
  input: OnnxValueInfo[];
  output: OnnxValueInfo[];
};
export type OnnxModel = {
  irVersion: Integer;
  producerName?: string;
  graph: OnnxGraph;
  opsetImport: { domain?: string; version: Integer }[];
};

/** Reads an ONNX file's bytes. Tensor data stays a view on `bytes`. Throws on anything that is not an ONNX model. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const model = Model.decode(bytes) as unknown as OnnxModel;
  if (!model.graph?.node?.length) throw new Error('not an ONNX model: it holds no graph');
  return model;
}

/** Writes a model as the bytes of an ONNX file. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return Model.encode(Model.fromObject(model)).finish();
}

/**
 * Nodes, constants and outputs as bytes to be written behind an ONNX file: a reader takes them for the end of the
 * file's own graph, since parts of one message that follow each other are merged (protobuf's encoding, "Last One Wins").
 */
export function encodeGraphAddition(
  graph: Pick<OnnxGraph, 'node' | 'initializer' | 'output'>,
): Uint8Array {
  return Model.encode(Model.fromObject({ graph })).finish();
}
