#pragma once

#include <napi.h>

#include "dsp/dtmf_detector.h"

namespace offhook {

/// The detector of key presses without a call: for the tests that have it listen to hours of speech.
class DtmfObject : public Napi::ObjectWrap<DtmfObject> {
 public:
  static void define(Napi::Env env, Napi::Object exports);
  explicit DtmfObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

 private:
  Napi::Value heard(const Napi::CallbackInfo& info);

  DtmfDetector detector_;
};

}  // namespace offhook
