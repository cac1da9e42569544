#pragma once

#include <napi.h>

#include <memory>

#include "engine/media_engine.h"

namespace offhook {

/// The engine as JavaScript sees it. Checks, converts and forwards; sessions are named by slot and generation, and a call
/// for one that is gone throws.
class EngineObject : public Napi::ObjectWrap<EngineObject> {
 public:
  static void define(Napi::Env env, Napi::Object exports);
  explicit EngineObject(const Napi::CallbackInfo& info);
  ~EngineObject() override;

 private:
  Napi::Value open(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);
  void configure(const Napi::CallbackInfo& info);
  void set_source(const Napi::CallbackInfo& info);
  void bridge(const Napi::CallbackInfo& info);
  void hear(const Napi::CallbackInfo& info);
  void unhear(const Napi::CallbackInfo& info);
  void play_sound(const Napi::CallbackInfo& info);
  void set_background(const Napi::CallbackInfo& info);
  void inject(const Napi::CallbackInfo& info);
  Napi::Value injected(const Napi::CallbackInfo& info);
  void monitor(const Napi::CallbackInfo& info);
  Napi::Value read_monitor(const Napi::CallbackInfo& info);
  void set_gain(const Napi::CallbackInfo& info);
  void expect_loss(const Napi::CallbackInfo& info);
  void send_digit(const Napi::CallbackInfo& info);
  Napi::Value start_recording(const Napi::CallbackInfo& info);
  void stop_recording(const Napi::CallbackInfo& info);
  void pause_recording(const Napi::CallbackInfo& info);
  Napi::Value receive_rtcp(const Napi::CallbackInfo& info);
  void send_rtcp(const Napi::CallbackInfo& info);
  Napi::Value write(const Napi::CallbackInfo& info);
  Napi::Value mark(const Napi::CallbackInfo& info);
  Napi::Value position(const Napi::CallbackInfo& info);
  Napi::Value end(const Napi::CallbackInfo& info);
  Napi::Value pause(const Napi::CallbackInfo& info);
  void resume(const Napi::CallbackInfo& info);
  Napi::Value flush(const Napi::CallbackInfo& info);
  Napi::Value arrival_ms(const Napi::CallbackInfo& info);
  Napi::Value last_full_level_sent_ms(const Napi::CallbackInfo& info);
  Napi::Value stats(const Napi::CallbackInfo& info);
  Napi::Value figures(const Napi::CallbackInfo& info);
  void shutdown(const Napi::CallbackInfo& info);

  Session& session_of(const Napi::CallbackInfo& info);
  Session* other_of(const Napi::CallbackInfo& info);
  MediaEngine& engine(Napi::Env env);
  void deliver(Napi::Env env);
  void stop();
  static void on_wake(napi_env env, napi_value, void* context, void*);
  static void on_env_cleanup(void* self);

  napi_env env_;
  std::unique_ptr<MediaEngine> engine_;
  napi_threadsafe_function wake_{nullptr};
  Napi::FunctionReference listener_;
  Napi::ObjectReference memory_;  ///< keeps the shared buffer alive for as long as the media thread writes to it
};

}  // namespace offhook
