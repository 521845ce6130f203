import { int64Tensor, node } from '../onnx/build.js';
import { constantsOf, wholeNumbers, withNumbers } from '../onnx/edit.js';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/schema.js';

const own = (name: string) => `whosaid/${name}`;

/** Operators that do to images of one row what they do to frames. */
const ALIKE = new Set(['Relu', 'Sigmoid', 'BatchNormalization', 'Concat', 'Mul', 'MatMul']);

/**
 * Makes all that lies behind a graph's `Reshape` work on images of one row, [N,C,1,T] instead of [N,C,T], as far as
 * its nodes can: the others, as its statistics, get frames again. The values are the same.
 *
 * @returns undefined where the graph has not the layout that this is made for.
 */
export function framesAsImages(graph: OnnxGraph): OnnxGraph | undefined {
  const constant = constantsOf(graph);
  const images = new Set<string>();
  const framesAgain = new Set<string>();
  const kernels = new Set<OnnxTensor>();
  const nodes: OnnxNode[] = [];
  for (const each of graph.node) {
    const [output = ''] = each.output;
    if (each.opType === 'Reshape' && images.size === 0) {
      const frames = own(output);
      nodes.push({ ...each, output: [frames] }, node('Unsqueeze', [frames, own('row')], [output]));
      images.add(output);
    } else if (!each.input.some((name) => images.has(name))) {
      nodes.push(each);
    } else if (each.opType === 'Conv') {
      const kernel = constant(each.input[1] ?? '');
      if (kernel?.dims.length !== 3) return undefined;
      kernels.add(kernel);
      nodes.push(imageConvolution(each));
      images.add(output);
    } else if (ALIKE.has(each.opType)) {
      nodes.push(each);
      images.add(output);
    } else {
      for (const name of each.input) {
        if (!images.has(name) || framesAgain.has(name)) continue;
        nodes.push(node('Squeeze', [name, own('row')], [own(name)]));
        framesAgain.add(name);
      }
      const frames = each.input.map((name) => (framesAgain.has(name) ? own(name) : name));
      nodes.push({ ...each, input: frames });
    }
  }
  if (framesAgain.size === 0 || graph.output.some(({ name }) => images.has(name))) return undefined;
  const initializer = graph.initializer.map((each) => (kernels.has(each) ? withRow(each) : each));
  return {
    ...graph,
    node: nodes,
    initializer: [...initializer, int64Tensor(own('row'), [2], [1])],
  };
}

/** A convolution over frames as one over images of one row. */
function imageConvolution(each: OnnxNode): OnnxNode {
  const [before = 0, after = 0] = wholeNumbers(each, 'pads');
  const along = (name: string) => [1, wholeNumbers(each, name)[0] ?? 1];
  return withNumbers(each, {
    kernel_shape: along('kernel_shape'),
    strides: along('strides'),
    dilations: along('dilations'),
    pads: [0, before, 0, after],
  });
}

/** Weights [O,I,K] as [O,I,1,K]. */
function withRow(kernel: OnnxTensor): OnnxTensor {
  const [outputs = 0, inputs = 0, width = 0] = kernel.dims;
  return { ...kernel, dims: [outputs, inputs, 1, width] };
}
