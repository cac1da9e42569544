#include <malloc.h>

#include "dtmf_object.h"
#include "echo_object.h"
#include "engine_object.h"
#include "silero_object.h"
#include "sound_object.h"

namespace {

/// Rings of calls are larger, and are to be given back when a call is over. Left alone, glibc learns from the first that is freed to keep
/// such blocks in its heap, which then grows by what lies between them.
constexpr int kLargestKeptBlock = 128 * 1024;

Napi::Object init(Napi::Env env, Napi::Object exports) {
  mallopt(M_MMAP_THRESHOLD, kLargestKeptBlock);
  offhook::EngineObject::define(env, exports);
  offhook::DtmfObject::define(env, exports);
  offhook::EchoObject::define(env, exports);
  offhook::SileroObject::define(env, exports);
  offhook::SoundObject::define(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(offhook, init)
