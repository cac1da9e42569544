#include "echo_object.h"
#include "engine_object.h"
#include "silero_object.h"

namespace {

Napi::Object init(Napi::Env env, Napi::Object exports) {
  offhook::EngineObject::define(env, exports);
  offhook::EchoObject::define(env, exports);
  offhook::SileroObject::define(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(offhook, init)
