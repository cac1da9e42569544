#pragma once

#include <napi.h>

#include <span>

#include "dsp/echo_canceller.h"
#include "engine/media_engine.h"

namespace offhook {

/// Throws a JavaScript TypeError when a property is missing or of another type.
double number_of(const Napi::Object& object, const char* name);
std::string string_of(const Napi::Object& object, const char* name);

/// Writable, and only as long as the JavaScript array lives. Throws a TypeError when it is no Int16Array.
std::span<std::int16_t> samples_of(const Napi::Value& value);
EchoMode echo_mode_of(Napi::Env env, const std::string& name);

Endpoint bind_address_of(Napi::Env env, const std::string& address);
std::unique_ptr<SessionConfig> config_of(const Napi::Object& agreement, int family);
/// Throws a TypeError when it is no array of as many steps as there may be.
ToneOrder tone_order_of(const Napi::Value& value);
Napi::Object event_to_js(Napi::Env env, const Event& event);
Napi::Object recording_to_js(Napi::Env env, const MediaEngine::ClosedRecording& recording);
/// Absent for anything that is no object.
std::optional<Seal> seal_from_js(const Napi::Value& value);
Napi::Object stats_to_js(Napi::Env env, const Session& session);

}  // namespace offhook
