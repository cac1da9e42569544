#include "convert.h"
#include "engine_object.h"
#include "sound_object.h"

namespace offhook {

namespace {
Hearing hearing_of(const Napi::CallbackInfo& info) { return info[4].ToBoolean() ? Hearing::told : Hearing::said; }
}  // namespace

void EngineObject::bridge(const Napi::CallbackInfo& info) {
  Session& one = session_of(info);
  Session* other = other_of(info);
  if (other != nullptr) engine(info.Env()).bridge(one, *other);
}

void EngineObject::hear(const Napi::CallbackInfo& info) {
  Session& listener = session_of(info);
  Session* talker = other_of(info);
  if (talker != nullptr) engine(info.Env()).hear(listener, *talker, hearing_of(info));
}

void EngineObject::unhear(const Napi::CallbackInfo& info) {
  Session& listener = session_of(info);
  Session* talker = other_of(info);
  if (talker != nullptr) engine(info.Env()).unhear(listener, *talker, hearing_of(info));
}

/// The second one named; null when it is gone.
Session* EngineObject::other_of(const Napi::CallbackInfo& info) {
  return engine(info.Env()).find(info[2].ToNumber().Uint32Value(), info[3].ToNumber().Uint32Value());
}

void EngineObject::play_sound(const Napi::CallbackInfo& info) {
  engine(info.Env()).set_source(session_of(info), SoundObject::from(info[2]), info[3].ToNumber().FloatValue());
}

void EngineObject::set_background(const Napi::CallbackInfo& info) {
  engine(info.Env()).set_background(session_of(info), SoundObject::from(info[2]), info[3].ToNumber().FloatValue(),
                                    info[4].ToNumber().FloatValue());
}

void EngineObject::inject(const Napi::CallbackInfo& info) {
  const std::int64_t end = engine(info.Env()).inject(session_of(info), samples_of(info[2]), info[3].ToNumber().Int32Value());
  if (end < 0) throw Napi::RangeError::New(info.Env(), "unsupported sample rate");
}

Napi::Value EngineObject::injected(const Napi::CallbackInfo& info) {
  const Session& session = session_of(info);
  const std::int64_t waiting =
      session.injection == nullptr ? 0 : session.injection->queue.end() - session.injection->queue.position();
  return Napi::Number::New(info.Env(), static_cast<double>(waiting));
}

void EngineObject::monitor(const Napi::CallbackInfo& info) {
  engine(info.Env()).monitor(session_of(info), info[2].ToBoolean());
}

Napi::Value EngineObject::read_monitor(const Napi::CallbackInfo& info) {
  const Session& session = session_of(info);
  const std::size_t count = session.monitor == nullptr ? 0 : session.monitor->readable();
  Napi::Int16Array pairs = Napi::Int16Array::New(info.Env(), count);
  if (count > 0) session.monitor->read({pairs.Data(), count});
  return pairs;
}

}  // namespace offhook
