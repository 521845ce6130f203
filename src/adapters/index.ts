import type { Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { asrWebserviceRoutes } from './asr-webservice.js';
import { whisperCppRoutes } from './whisper-cpp.js';

/** Routers of the dialects that the settings switch on. They exist at the root only, as where they come from. */
export function adapterRoutes(deps: AppDeps): Router[] {
  const { asrWebserviceApi, whisperCppApi } = deps.settings;
  return [
    ...(asrWebserviceApi ? [asrWebserviceRoutes(deps)] : []),
    ...(whisperCppApi ? [whisperCppRoutes(deps)] : []),
  ];
}
