#include "engine_object.h"

#include "convert.h"

namespace offhook {

void EngineObject::define(Napi::Env env, Napi::Object exports) {
  const Napi::Function constructor = DefineClass(env, "Engine",
                                                 {
                                                     InstanceMethod("open", &EngineObject::open),
                                                     InstanceMethod("close", &EngineObject::close),
                                                     InstanceMethod("configure", &EngineObject::configure),
                                                     InstanceMethod("setSource", &EngineObject::set_source),
                                                     InstanceMethod("bridge", &EngineObject::bridge),
                                                     InstanceMethod("hear", &EngineObject::hear),
                                                     InstanceMethod("unhear", &EngineObject::unhear),
                                                     InstanceMethod("playSound", &EngineObject::play_sound),
                                                     InstanceMethod("setBackground", &EngineObject::set_background),
                                                     InstanceMethod("inject", &EngineObject::inject),
                                                     InstanceMethod("injected", &EngineObject::injected),
                                                     InstanceMethod("monitor", &EngineObject::monitor),
                                                     InstanceMethod("readMonitor", &EngineObject::read_monitor),
                                                     InstanceMethod("setGain", &EngineObject::set_gain),
                                                     InstanceMethod("expectLoss", &EngineObject::expect_loss),
                                                     InstanceMethod("sendDigit", &EngineObject::send_digit),
                                                     InstanceMethod("startRecording", &EngineObject::start_recording),
                                                     InstanceMethod("stopRecording", &EngineObject::stop_recording),
                                                     InstanceMethod("pauseRecording", &EngineObject::pause_recording),
                                                     InstanceMethod("receiveRtcp", &EngineObject::receive_rtcp),
                                                     InstanceMethod("sendRtcp", &EngineObject::send_rtcp),
                                                     InstanceMethod("write", &EngineObject::write),
                                                     InstanceMethod("mark", &EngineObject::mark),
                                                     InstanceMethod("position", &EngineObject::position),
                                                     InstanceMethod("end", &EngineObject::end),
                                                     InstanceMethod("pause", &EngineObject::pause),
                                                     InstanceMethod("resume", &EngineObject::resume),
                                                     InstanceMethod("flush", &EngineObject::flush),
                                                     InstanceMethod("arrivalMs", &EngineObject::arrival_ms),
                                                     InstanceMethod("lastFullLevelSentMs", &EngineObject::last_full_level_sent_ms),
                                                     InstanceMethod("stats", &EngineObject::stats),
                                                     InstanceMethod("figures", &EngineObject::figures),
                                                     InstanceMethod("shutdown", &EngineObject::shutdown),
                                                 });
  exports.Set("Engine", constructor);
}

EngineObject::EngineObject(const Napi::CallbackInfo& info) : ObjectWrap(info), env_(info.Env()) {
  const Napi::Env env = info.Env();
  if (info.Length() < 2 || !info[0].IsObject() || !info[1].IsFunction()) {
    throw Napi::TypeError::New(env, "Engine takes its options and a listener");
  }
  const auto options = info[0].As<Napi::Object>();
  EngineOptions native;
  native.bind_address = bind_address_of(env, string_of(options, "bind"));
  native.port_min = static_cast<std::uint16_t>(number_of(options, "portMin"));
  native.port_max = static_cast<std::uint16_t>(number_of(options, "portMax"));
  native.capacity = static_cast<std::uint32_t>(number_of(options, "capacity"));
  native.slot_bytes = static_cast<std::size_t>(number_of(options, "slotBytes"));
  native.header_bytes = static_cast<std::size_t>(number_of(options, "headerBytes"));
  native.ring_samples = static_cast<std::size_t>(number_of(options, "ringSamples"));
  const Napi::Value memory = options.Get("memory");
  // Node-API sees a view of shared memory as it sees any other typed array; only the buffer itself it does not know.
  void* data = nullptr;
  std::size_t length = 0;
  napi_typedarray_type type{};
  if (!memory.IsTypedArray() ||
      napi_get_typedarray_info(env, memory, &type, &length, &data, nullptr, nullptr) != napi_ok || type != napi_uint8_array ||
      length < native.slot_bytes * native.capacity) {
    throw Napi::TypeError::New(env, "memory must be a Uint8Array that holds all slots");
  }
  native.audio_memory = static_cast<std::uint8_t*>(data);
  memory_ = Napi::Persistent(memory.As<Napi::Object>());
  listener_ = Napi::Persistent(info[1].As<Napi::Function>());

  const auto name = Napi::String::New(env, "offhook media");
  if (napi_create_threadsafe_function(env, nullptr, nullptr, name, 0, 1, nullptr, nullptr, this, &EngineObject::on_wake, &wake_) !=
      napi_ok) {
    throw Napi::Error::New(env, "cannot create the media engine's wake-up");
  }
  engine_ = std::make_unique<MediaEngine>(
      native, [wake = wake_] { napi_call_threadsafe_function(wake, nullptr, napi_tsfn_nonblocking); });
  // Hooks run last in, first out: the media thread ends before the wake-up it calls is taken down.
  napi_add_env_cleanup_hook(env, &EngineObject::on_env_cleanup, this);
}

EngineObject::~EngineObject() {
  if (engine_ == nullptr) return;
  napi_remove_env_cleanup_hook(env_, &EngineObject::on_env_cleanup, this);
  stop();
}

void EngineObject::on_env_cleanup(void* self) { static_cast<EngineObject*>(self)->engine_.reset(); }

void EngineObject::stop() {
  engine_.reset();
  if (wake_ != nullptr) napi_release_threadsafe_function(wake_, napi_tsfn_abort);
  wake_ = nullptr;
}

void EngineObject::shutdown(const Napi::CallbackInfo& info) {
  if (engine_ == nullptr) return;
  napi_remove_env_cleanup_hook(info.Env(), &EngineObject::on_env_cleanup, this);
  stop();
  memory_.Reset();
  listener_.Reset();
}

void EngineObject::on_wake(napi_env env, napi_value, void* context, void*) {
  if (env != nullptr) static_cast<EngineObject*>(context)->deliver(env);
}

void EngineObject::deliver(Napi::Env env) {
  if (engine_ == nullptr) return;
  const Napi::HandleScope scope(env);
  Napi::Array events = Napi::Array::New(env);
  std::uint32_t count = 0;
  engine_->dispatch([&](const Event& event) {
    Napi::Object out = event_to_js(env, event);
    const Session* session = engine_->find(event.slot, event.generation);
    if (event.type == Event::Type::detached && session != nullptr) out["stats"] = stats_to_js(env, *session);
    if (event.type == Event::Type::recording_failed) {
      if (session == nullptr || session->recording == nullptr) return;
      out["reason"] = Napi::String::New(env, session->recording->error());
    }
    events[count++] = out;
  }, [&](const MediaEngine::ClosedRecording& recording) { events[count++] = recording_to_js(env, recording); });
  if (count == 0) return;
  try {
    listener_.Call({events});
  } catch (const Napi::Error& error) {
    napi_fatal_exception(env, error.Value());
  }
}

MediaEngine& EngineObject::engine(Napi::Env env) {
  if (engine_ == nullptr) throw Napi::Error::New(env, "the media engine is closed");
  return *engine_;
}

Session& EngineObject::session_of(const Napi::CallbackInfo& info) {
  Session* session = engine(info.Env()).find(info[0].ToNumber().Uint32Value(), info[1].ToNumber().Uint32Value());
  if (session == nullptr) throw Napi::Error::New(info.Env(), "the media session is closed");
  return *session;
}

Napi::Value EngineObject::open(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Session* session = engine(env).open();
  if (session == nullptr) return env.Null();
  Napi::Object out = Napi::Object::New(env);
  out["slot"] = Napi::Number::New(env, session->slot);
  out["generation"] = Napi::Number::New(env, session->generation);
  out["rtpPort"] = Napi::Number::New(env, session->sockets.rtp_port);
  return out;
}

void EngineObject::close(const Napi::CallbackInfo& info) { engine(info.Env()).close(session_of(info)); }

void EngineObject::configure(const Napi::CallbackInfo& info) {
  MediaEngine& media = engine(info.Env());
  media.configure(session_of(info), config_of(info[2].As<Napi::Object>(), media.family()));
}

void EngineObject::set_source(const Napi::CallbackInfo& info) {
  const std::string name = info[2].ToString();
  const Source source = name == "echo" ? Source::echo : name == "tone" ? Source::tone : Source::queue;
  const ToneOrder tone = source == Source::tone ? tone_order_of(info[3]) : ToneOrder{};
  engine(info.Env()).set_source(session_of(info), source, tone);
}

void EngineObject::set_gain(const Napi::CallbackInfo& info) {
  engine(info.Env()).set_gain(session_of(info), info[2].ToNumber().FloatValue(), info[3].ToNumber().Uint32Value());
}

void EngineObject::expect_loss(const Napi::CallbackInfo& info) {
  engine(info.Env()).expect_loss(session_of(info), info[2].ToNumber().Int32Value());
}

void EngineObject::send_digit(const Napi::CallbackInfo& info) {
  Session& session = session_of(info);
  const std::string digit = info[2].ToString();
  const DigitOrder order{.digit = digit.empty() ? '\0' : digit[0],
                         .duration_ms = info[3].ToNumber().Uint32Value(),
                         .gap_ms = info[4].ToNumber().Uint32Value(),
                         .position = session.playout.end(),
                         .queue_generation = session.playout.generation()};
  engine(info.Env()).send_digit(session, order);
}

/// Returns why it failed, or undefined.
Napi::Value EngineObject::start_recording(const Napi::CallbackInfo& info) {
  const auto error = engine(info.Env()).start_recording(session_of(info), info[2].ToString(), seal_from_js(info[3]));
  return error ? Napi::String::New(info.Env(), *error) : info.Env().Undefined();
}

void EngineObject::stop_recording(const Napi::CallbackInfo& info) { engine(info.Env()).stop_recording(session_of(info)); }

void EngineObject::pause_recording(const Napi::CallbackInfo& info) {
  engine(info.Env()).pause_recording(session_of(info), info[2].ToBoolean());
}

Napi::Value EngineObject::receive_rtcp(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Array out = Napi::Array::New(env);
  for (const MediaEngine::ControlPacket& packet : engine(env).receive_control(session_of(info))) {
    Napi::Object entry = Napi::Object::New(env);
    entry["data"] = Napi::Buffer<std::uint8_t>::Copy(env, packet.bytes.data(), packet.bytes.size());
    entry["address"] = Napi::String::New(env, packet.from.host());
    entry["port"] = Napi::Number::New(env, packet.from.port());
    entry["atMs"] = Napi::Number::New(env, to_ms(packet.arrival));
    out[out.Length()] = entry;
  }
  return out;
}

void EngineObject::send_rtcp(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto to = Endpoint::parse(info[3].ToString(), static_cast<std::uint16_t>(info[4].ToNumber().Uint32Value()), engine(env).family());
  if (!info[2].IsBuffer() || !to || !to->reachable()) return;
  const auto bytes = info[2].As<Napi::Buffer<std::uint8_t>>();
  engine(env).send_control(session_of(info), {bytes.Data(), bytes.Length()}, *to);
}

Napi::Value EngineObject::write(const Napi::CallbackInfo& info) {
  Session& session = session_of(info);
  const Napi::Env env = info.Env();
  const std::int64_t end = session.write(samples_of(info[2]), info[3].ToNumber().Int32Value());
  if (end < 0) throw Napi::RangeError::New(env, "unsupported sample rate");
  return Napi::Number::New(env, static_cast<double>(end));
}

Napi::Value EngineObject::mark(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), session_of(info).playout.mark());
}

Napi::Value EngineObject::position(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(session_of(info).playout.position()));
}

Napi::Value EngineObject::end(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(session_of(info).playout.end()));
}

Napi::Value EngineObject::pause(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(session_of(info).playout.pause()));
}

void EngineObject::resume(const Napi::CallbackInfo& info) { session_of(info).playout.resume(); }

Napi::Value EngineObject::flush(const Napi::CallbackInfo& info) {
  const std::int64_t end = session_of(info).flush(info[2].ToNumber().Uint32Value());
  return Napi::Number::New(info.Env(), static_cast<double>(end));
}

Napi::Value EngineObject::arrival_ms(const Napi::CallbackInfo& info) {
  const auto at = session_of(info).heard.arrival_of(static_cast<std::uint64_t>(info[2].ToNumber().Int64Value()));
  return at ? Napi::Number::New(info.Env(), to_ms(*at)) : info.Env().Undefined();
}

Napi::Value EngineObject::last_full_level_sent_ms(const Napi::CallbackInfo& info) {
  const MonotonicNs at = session_of(info).counters.last_full_level_at.load(std::memory_order_relaxed);
  return at != 0 ? Napi::Number::New(info.Env(), to_ms(at)) : info.Env().Undefined();
}

Napi::Value EngineObject::stats(const Napi::CallbackInfo& info) { return stats_to_js(info.Env(), session_of(info)); }

Napi::Value EngineObject::figures(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  MediaThread& thread = engine(env).thread();
  const MediaThread::Figures& figures = thread.figures();
  Napi::Object out = Napi::Object::New(env);
  const char* const names[] = {"fifo", "nice", "other"};
  out["scheduling"] = Napi::String::New(env, names[static_cast<int>(thread.scheduling())]);
  out["openSessions"] = Napi::Number::New(env, engine(env).open_sessions());
  out["ticks"] = Napi::Number::New(env, static_cast<double>(figures.ticks.get()));
  out["ticksSkipped"] = Napi::Number::New(env, static_cast<double>(figures.ticks_skipped.get()));
  out["wakeUps"] = Napi::Number::New(env, static_cast<double>(figures.wake_ups.get()));
  out["monitoredSamplesLost"] = Napi::Number::New(env, static_cast<double>(figures.monitored_samples_lost.get()));
  out["eventsLost"] = Napi::Number::New(env, static_cast<double>(figures.events_lost.get()));
  out["tickLatenessMaxMs"] =
      Napi::Number::New(env, to_ms(static_cast<MonotonicNs>(figures.tick_lateness_max_ns.get())));
  return out;
}

}  // namespace offhook
