import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor } from './schema.js';

/** Which node makes a value. */
export function producersOf(graph: Pick<OnnxGraph, 'node'>): ReadonlyMap<string, OnnxNode> {
  return new Map(graph.node.flatMap((each) => each.output.map((name) => [name, each])));
}

/** Finds constants by name, also those that are stored in half precision and cast by a node. */
export function constantsOf(graph: OnnxGraph): (name: string) => OnnxTensor | undefined {
  const producers = producersOf(graph);
  const constants = new Map(graph.initializer.map((each) => [each.name, each]));
  return (name) => {
    const cast = producers.get(name);
    return constants.get(cast?.opType === 'Cast' ? (cast.input[0] ?? '') : name);
  };
}

/** A node's attribute of one or more whole numbers; `[]` where it has none of this name. */
export function wholeNumbers(each: OnnxNode, name: string): number[] {
  const attribute = each.attribute?.find((other) => other.name === name);
  if (!attribute) return [];
  return attribute.ints?.length ? attribute.ints.map(Number) : [Number(attribute.i ?? 0)];
}

/** The node with some of its attributes of whole numbers replaced by others. */
export function withNumbers(
  each: OnnxNode,
  lists: Readonly<Record<string, readonly number[]>>,
): OnnxNode {
  const attribute = (each.attribute ?? []).map((other): OnnxAttribute => {
    const ints = lists[other.name];
    return ints ? { name: other.name, type: other.type, ints: [...ints] } : other;
  });
  return { ...each, attribute };
}

/** The graph without the nodes and constants that no output needs. Its nodes are in the order of their use. */
export function pruned(graph: OnnxGraph): OnnxGraph {
  const needed = new Set(graph.output.map(({ name }) => name));
  const node: OnnxNode[] = [];
  for (const each of [...graph.node].reverse()) {
    if (!each.output.some((name) => needed.has(name))) continue;
    node.push(each);
    for (const name of each.input) needed.add(name);
  }
  const initializer = graph.initializer.filter(({ name }) => needed.has(name));
  return { ...graph, node: node.reverse(), initializer };
}
