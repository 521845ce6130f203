import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Library } from './types.js';

/** Files that an operator adds for CUDA (docs/devices.md); the packages do not have them. */
const CUDA_FILES = ['libonnxruntime_providers_cuda.so', 'onnxruntime_providers_cuda.dll'];

/** Whether the libraries for CUDA lie beside a library's own. Costs two looks at the disk. */
export function hasCudaLibraries(library: Library): boolean {
  const folder = folderOf(library);
  return folder !== undefined && CUDA_FILES.some((name) => existsSync(join(folder, name)));
}

function folderOf(library: Library): string | undefined {
  const { platform, arch } = process;
  const system = platform === 'win32' ? 'win' : platform;
  const manifests: Record<Library, string> = {
    onnxruntime: 'onnxruntime-node/package.json',
    'sherpa-onnx': `sherpa-onnx-${system}-${arch}/package.json`,
  };
  try {
    const folder = dirname(createRequire(import.meta.url).resolve(manifests[library]));
    return library === 'onnxruntime' ? join(folder, 'bin', 'napi-v6', platform, arch) : folder;
  } catch {
    return undefined;
  }
}
