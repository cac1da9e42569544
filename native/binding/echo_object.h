#pragma once

#include <napi.h>

#include "dsp/echo_canceller.h"

namespace offhook {

/// An echo canceller without a call: what the tests of the voice activity detector and the bench put before it.
class EchoObject : public Napi::ObjectWrap<EchoObject> {
 public:
  static void define(Napi::Env env, Napi::Object exports);
  explicit EchoObject(const Napi::CallbackInfo& info);

 private:
  void sent(const Napi::CallbackInfo& info);
  void heard(const Napi::CallbackInfo& info);
  Napi::Value found(const Napi::CallbackInfo& info);

  EchoCanceller canceller_;
};

}  // namespace offhook
