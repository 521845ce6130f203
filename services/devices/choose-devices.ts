import type { Logger } from '#utils/logging/logger.js';
import { hasCudaLibraries } from './gpu-libraries.js';
import { tryDevice } from './try-device.js';
import { CPU_ONLY, type Device, type DeviceChoice, LIBRARIES, type Library } from './types.js';

export type DevicesOptions = {
  /** `auto`: CUDA where its libraries were added and it works. */
  readonly device: Device | 'auto';
  /** A small model for each library to try a device with, absolute. */
  readonly models: Readonly<Record<Library, string>>;
  /** What children inherit. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
};

/**
 * Where each library runs its models: a device that is wanted is tried in a throw-away process first; one that does not
 * work is said in the log, and replaced by the processor. Never rejects. Costs nothing for `cpu`, and for `auto` without
 * libraries of a GPU.
 */
export async function chooseDevices(options: DevicesOptions): Promise<DeviceChoice> {
  const choose = async (library: Library): Promise<readonly [Library, Device]> => [
    library,
    await deviceFor(library, options),
  ];
  return { ...CPU_ONLY, ...Object.fromEntries(await Promise.all(LIBRARIES.map(choose))) };
}

async function deviceFor(
  library: Library,
  { device, models, environment, logger }: DevicesOptions,
): Promise<Device> {
  // CoreML and DirectML come with the packages of their systems and were never tried with these models: by name only.
  const automatic = hasCudaLibraries(library) ? 'cuda' : 'cpu';
  const wanted = device === 'auto' ? automatic : device;
  if (wanted === 'cpu') return 'cpu';
  const problem = await tryDevice({ library, device: wanted, model: models[library], environment });
  if (problem === undefined) {
    logger.info('Models run on a device of their own', { library, device: wanted });
    return wanted;
  }
  logger.warn('DEVICE does not work; models run on the processor (docs/devices.md)', {
    library,
    device: wanted,
    reason: problem,
  });
  return 'cpu';
}
