#include "echo_object.h"

#include "convert.h"

namespace offhook {

void EchoObject::define(Napi::Env env, Napi::Object exports) {
  exports.Set("EchoCanceller", DefineClass(env, "EchoCanceller",
                                           {
                                               InstanceMethod("sent", &EchoObject::sent),
                                               InstanceMethod("heard", &EchoObject::heard),
                                               InstanceMethod("found", &EchoObject::found),
                                           }));
}

EchoObject::EchoObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  canceller_.set_mode(echo_mode_of(info.Env(), info[0].ToString()));
  canceller_.set_wide(info[1].ToBoolean());
}

void EchoObject::sent(const Napi::CallbackInfo& info) { canceller_.sent(samples_of(info[0])); }

void EchoObject::heard(const Napi::CallbackInfo& info) { canceller_.heard(samples_of(info[0])); }

Napi::Value EchoObject::found(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), canceller_.found()); }

}  // namespace offhook
