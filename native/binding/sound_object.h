#pragma once

#include <napi.h>

#include <memory>

#include "engine/sound_loop.h"

namespace offhook {

/// A recording that sessions play round and round: given once, shared by all of them. Its memory is free when JavaScript and the last session
/// have let go of it.
class SoundObject : public Napi::ObjectWrap<SoundObject> {
 public:
  static void define(Napi::Env env, Napi::Object exports);
  /// Takes samples and their rate.
  explicit SoundObject(const Napi::CallbackInfo& info);

  /// Null for null and undefined. Throws a TypeError for what is no sound.
  static std::shared_ptr<const Sound> from(const Napi::Value& value);

 private:
  std::shared_ptr<const Sound> sound_;
};

}  // namespace offhook
