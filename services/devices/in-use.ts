import { CPU_ONLY, type Device, type DeviceChoice } from './types.js';

let inUse: DeviceChoice = CPU_ONLY;

/** Says where the models of this engine host are to run; before any is loaded. A host has one choice for all its models. */
export function useDevices(choice: DeviceChoice = CPU_ONLY): void {
  inUse = choice;
}

/** What onnxruntime calls its devices. */
const ONNX_NAMES: Readonly<Record<Device, string>> = {
  cpu: 'cpu',
  cuda: 'cuda',
  coreml: 'coreml',
  directml: 'dml',
};

/**
 * The option of an onnxruntime session for a device; what the device cannot do is done by the processor.
 *
 * @param device Default: the one that is in use.
 */
export function onnxProviders(device: Device = inUse.onnxruntime): {
  executionProviders?: string[];
} {
  return device === 'cpu' ? {} : { executionProviders: [ONNX_NAMES[device], 'cpu'] };
}

/** sherpa-onnx's `provider`: it uses the same names. */
export function sherpaProvider(): Device {
  return inUse['sherpa-onnx'];
}
