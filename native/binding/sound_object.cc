#include "sound_object.h"

#include "convert.h"
#include "dsp/resampler.h"
#include "engine/playout_writer.h"

namespace offhook {

namespace {
constexpr napi_type_tag kSoundTag{0x6f66'6668'6f6f'6b2d, 0x736f'756e'642d'7631};
}  // namespace

void SoundObject::define(Napi::Env env, Napi::Object exports) { exports.Set("Sound", DefineClass(env, "Sound", {})); }

SoundObject::SoundObject(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  const auto samples = samples_of(info[0]);
  const int rate_hz = info[1].ToNumber().Int32Value();
  if (!is_supported_rate(rate_hz)) throw Napi::RangeError::New(info.Env(), "unsupported sample rate");
  Sound sound;
  if (rate_hz == kAudioRateHz) sound.assign(samples.begin(), samples.end());
  else Resampler(rate_hz, kAudioRateHz).process(samples, sound);
  sound_ = std::make_shared<const Sound>(std::move(sound));
  info.This().As<Napi::Object>().TypeTag(&kSoundTag);
}

std::shared_ptr<const Sound> SoundObject::from(const Napi::Value& value) {
  if (value.IsNull() || value.IsUndefined()) return nullptr;
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kSoundTag)) throw Napi::TypeError::New(value.Env(), "must be a Sound");
  return Unwrap(value.As<Napi::Object>())->sound_;
}

}  // namespace offhook
