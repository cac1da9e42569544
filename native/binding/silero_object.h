#pragma once

#include <napi.h>

#include <memory>

#include "vad/silero_network.h"

namespace offhook {

/// The voice activity network as JavaScript sees it, in whichever thread made it.
class SileroObject : public Napi::ObjectWrap<SileroObject> {
 public:
  static void define(Napi::Env env, Napi::Object exports);
  /// Takes the tensors by the names that they have in the model's file. Throws when one is missing or has the wrong size.
  explicit SileroObject(const Napi::CallbackInfo& info);

 private:
  void run(const Napi::CallbackInfo& info);

  std::unique_ptr<SileroNetwork> network_;
};

}  // namespace offhook
