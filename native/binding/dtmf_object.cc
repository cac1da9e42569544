#include "dtmf_object.h"

#include "convert.h"

namespace offhook {

void DtmfObject::define(Napi::Env env, Napi::Object exports) {
  exports.Set("DtmfDetector", DefineClass(env, "DtmfDetector", {InstanceMethod("heard", &DtmfObject::heard)}));
}

/// Returns the keys whose press has ended.
Napi::Value DtmfObject::heard(const Napi::CallbackInfo& info) {
  std::string digits;
  detector_.process(samples_of(info[0]), [&](const DtmfDetector::Press& press) { digits += press.digit; });
  return Napi::String::New(info.Env(), digits);
}

}  // namespace offhook
