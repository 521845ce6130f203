import type { RequestHandler, Router } from 'express';
import type { AppDeps } from '../app-deps.js';
import { asrWebservicePaths, asrWebserviceRoutes } from './asr-webservice.js';
import { errorsWithDetail } from './dialect-errors.js';
import { whisperCppPaths, whisperCppRoutes } from './whisper-cpp.js';

/** Routers of the dialects that the settings switch on. They exist at the root only, as where they come from. */
export function adapterRoutes(deps: AppDeps): Router[] {
  const { asrWebserviceApi, whisperCppApi } = deps.settings;
  return [
    ...(asrWebserviceApi ? [asrWebserviceRoutes(deps)] : []),
    ...(whisperCppApi ? [whisperCppRoutes(deps)] : []),
  ];
}

/** What makes all errors on their paths the dialects' own; comes before whatever may refuse a request. */
export function adapterErrors({ settings }: Pick<AppDeps, 'settings'>): RequestHandler[] {
  const { asrWebserviceApi, whisperCppApi } = settings;
  return [
    ...(asrWebserviceApi ? [errorsWithDetail(asrWebservicePaths)] : []),
    ...(whisperCppApi ? [errorsWithDetail(whisperCppPaths)] : []),
  ];
}
