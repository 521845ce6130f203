/** Where models can run. */
export const DEVICES = ['cpu', 'cuda', 'coreml', 'directml'] as const;
export type Device = (typeof DEVICES)[number];

/** The libraries that run models; each has devices of its own. */
export const LIBRARIES = ['onnxruntime', 'sherpa-onnx'] as const;
export type Library = (typeof LIBRARIES)[number];

/** Where each library runs its models. Plain data: it crosses processes. */
export type DeviceChoice = Readonly<Record<Library, Device>>;

export const CPU_ONLY: DeviceChoice = { onnxruntime: 'cpu', 'sherpa-onnx': 'cpu' };
