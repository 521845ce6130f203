import { node, runtimeNode, tensor } from '../../onnx/build.js';
import type { OnnxNode, OnnxTensor } from '../../onnx/schema.js';
import type { Projection } from './decoder-weights.js';

/** Added to the variance by the normalisations of these models. */
const EPSILON = 1e-5;

/** Collects the nodes of a graph, and constants for it or for the graph around it. */
export class GraphParts {
  readonly nodes: OnnxNode[] = [];
  readonly constants: OnnxTensor[];

  /** `constants`: where those go that the nodes need. */
  constructor(constants: OnnxTensor[]) {
    this.constants = constants;
  }

  /** Adds a node with one output of this name, which is returned. */
  add(output: string, opType: string, input: readonly string[], attributes = {}): string {
    this.nodes.push(node(opType, input, [output], attributes));
    return output;
  }

  /** The same for an operator of the runtime's own. */
  addOfRuntime(output: string, opType: string, input: readonly string[], attributes = {}): string {
    this.nodes.push(runtimeNode(opType, input, [output], attributes));
    return output;
  }

  /** Parts of equal or given sizes along an axis. */
  split(outputs: readonly string[], input: string, axis: number, sizes?: string): void {
    this.nodes.push(node('Split', sizes ? [input, sizes] : [input], outputs, { axis }));
  }

  constant(value: OnnxTensor): string {
    this.constants.push(value);
    return value.name;
  }

  /** Layer normalisation without bias (https://arxiv.org/abs/1607.06450). */
  norm(output: string, input: string, weight: OnnxTensor): string {
    const attributes = { axis: -1, epsilon: { float: EPSILON } };
    return this.add(output, 'LayerNormalization', [input, this.constant(weight)], attributes);
  }

  /** Input [..., rows] times a projection, multiplied as bytes: the input is quantised when it is known. */
  project(output: string, input: string, projection: Projection, bias?: OnnxTensor): string {
    const { weights, rows, columns, scales, zeroPoints } = projection;
    const factors = [
      tensor(`${output}.weights`, 'int8', weights, [rows, columns]),
      tensor(`${output}.scales`, 'float', scales, [columns]),
      tensor(`${output}.zero_points`, 'int8', zeroPoints, [columns]),
      ...(bias ? [bias] : []),
    ].map((each) => this.constant(each));
    return this.addOfRuntime(output, 'DynamicQuantizeMatMul', [input, ...factors]);
  }
}
