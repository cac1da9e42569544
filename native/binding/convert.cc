#include "convert.h"

namespace offhook {

double number_of(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsNumber()) throw Napi::TypeError::New(object.Env(), std::string(name) + " must be a number");
  return value.As<Napi::Number>().DoubleValue();
}

std::string string_of(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsString()) throw Napi::TypeError::New(object.Env(), std::string(name) + " must be a string");
  return value.As<Napi::String>().Utf8Value();
}

std::span<std::int16_t> samples_of(const Napi::Value& value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_int16_array) {
    throw Napi::TypeError::New(value.Env(), "samples must be an Int16Array");
  }
  void* data = nullptr;
  std::size_t length = 0;
  napi_get_typedarray_info(value.Env(), value, nullptr, &length, &data, nullptr, nullptr);
  return {static_cast<std::int16_t*>(data), length};
}

EchoMode echo_mode_of(Napi::Env env, const std::string& name) {
  if (name == "off") return EchoMode::off;
  if (name == "auto") return EchoMode::automatic;
  if (name == "on") return EchoMode::on;
  throw Napi::TypeError::New(env, "unknown echo cancellation");
}

Endpoint bind_address_of(Napi::Env env, const std::string& address) {
  if (const auto v4 = Endpoint::parse(address, 0, AF_INET)) return *v4;
  if (const auto v6 = Endpoint::parse(address, 0, AF_INET6)) return *v6;
  throw Napi::TypeError::New(env, "bind must be an IP address");
}

namespace {

/// Static (RFC 3551 table 4).
constexpr std::uint8_t kNoisePayloadType = 13;
constexpr std::uint32_t kNoiseClockRateHz = 8'000;

CodecKind codec_of(Napi::Env env, const std::string& name) {
  if (name == "PCMU") return CodecKind::pcmu;
  if (name == "PCMA") return CodecKind::pcma;
  if (name == "G722") return CodecKind::g722;
  if (name == "opus") return CodecKind::opus;
  throw Napi::TypeError::New(env, "unknown codec");
}

std::uint32_t ptime_of(const Napi::Object& agreement) {
  const double ptime_ms = number_of(agreement, "ptimeMs");
  for (const std::uint32_t possible : {10U, 20U, 30U, 40U, 60U}) {
    if (ptime_ms == possible) return possible;
  }
  throw Napi::TypeError::New(agreement.Env(), "ptimeMs must be 10, 20, 30, 40 or 60");
}

OpusTerms opus_terms_of(const Napi::Object& terms) {
  return {.max_average_bitrate_bps = static_cast<int>(number_of(terms, "maxAverageBitrateBps")),
          .max_playback_rate_hz = static_cast<int>(number_of(terms, "maxPlaybackRateHz")),
          .in_band_fec = terms.Get("inBandFec").ToBoolean(),
          .dtx = terms.Get("dtx").ToBoolean(),
          .constant_bitrate = terms.Get("constantBitrate").ToBoolean()};
}

/// The master key under `name`, or nothing when the running one stays.
std::optional<std::span<const std::uint8_t>> bytes_of(const Napi::Object& object, const char* name) {
  const Napi::Value value = object.Get(name);
  if (!value.IsBuffer()) return std::nullopt;
  const auto bytes = value.As<Napi::Buffer<std::uint8_t>>();
  return std::span<const std::uint8_t>(bytes.Data(), bytes.Length());
}

void secure(SessionConfig& config, const Napi::Object& srtp) {
  const auto suite = srtp_suite_of(string_of(srtp, "suite"));
  if (!suite) throw Napi::TypeError::New(srtp.Env(), "unknown SRTP suite");
  bool made = true;
  if (const auto key = bytes_of(srtp, "receiveKey")) {
    config.srtp_in = SrtpReceiver::create(*suite, *key);
    config.srtcp_in = SrtcpReceiver::create(*suite, *key);
    made = made && config.srtp_in != nullptr && config.srtcp_in != nullptr;
  }
  if (const auto key = bytes_of(srtp, "sendKey")) {
    config.srtp_out = SrtpSender::create(*suite, *key);
    config.srtcp_out = SrtcpSender::create(*suite, *key);
    made = made && config.srtp_out != nullptr && config.srtcp_out != nullptr;
  }
  if (!made) throw Napi::TypeError::New(srtp.Env(), "the SRTP key does not fit its suite");
  config.secured = true;
}

std::string type_name(Event::Type type) {
  switch (type) {
    case Event::Type::digit: return "digit";
    case Event::Type::tone: return "sound";
    case Event::Type::mark: return "mark";
    case Event::Type::drained: return "drained";
    case Event::Type::latched: return "latched";
    case Event::Type::detached: return "detached";
    case Event::Type::recording_failed: return "recordingFailed";
    case Event::Type::refill:
    case Event::Type::recording_let_go:
    case Event::Type::retired: break;
  }
  return "internal";
}

}  // namespace

std::unique_ptr<SessionConfig> config_of(const Napi::Object& agreement, int family) {
  auto config = std::make_unique<SessionConfig>();
  const CodecKind codec = codec_of(agreement.Env(), string_of(agreement, "codec"));
  if (agreement.Get("freshCodec").ToBoolean()) {
    config->make_codec = [codec] { return make_line_codec(codec); };
    config->codec = config->make_codec();
  }
  config->payload_type = static_cast<std::uint8_t>(number_of(agreement, "payloadType"));
  config->clock_rate_hz = static_cast<std::uint32_t>(number_of(agreement, "clockRateHz"));
  config->ptime_ms = ptime_of(agreement);
  const Napi::Value opus = agreement.Get("opus");
  if (opus.IsObject()) config->opus = opus_terms_of(opus.As<Napi::Object>());
  config->opus.complexity = static_cast<int>(number_of(agreement, "opusComplexity"));
  // Many send it without having named it.
  if (config->clock_rate_hz == kNoiseClockRateHz) config->noise_payload_type = kNoisePayloadType;
  const Napi::Value noise = agreement.Get("comfortNoise");
  if (noise.IsObject()) {
    config->noise_payload_type = static_cast<std::uint8_t>(number_of(noise.As<Napi::Object>(), "payloadType"));
    config->suppresses_silence = noise.As<Napi::Object>().Get("sends").ToBoolean();
  }
  const Napi::Value events = agreement.Get("telephoneEvent");
  if (events.IsObject()) {
    config->event_payload_type = static_cast<std::uint8_t>(number_of(events.As<Napi::Object>(), "payloadType"));
    config->event_clock_rate_hz = static_cast<std::uint32_t>(number_of(events.As<Napi::Object>(), "clockRateHz"));
  }
  config->tracks_tones = agreement.Get("tracksTones").ToBoolean();
  config->in_band_digits = agreement.Get("inBandDigits").ToBoolean();
  const auto remote = agreement.Get("remote").As<Napi::Object>();
  config->announced =
      Endpoint::parse(string_of(remote, "address"), static_cast<std::uint16_t>(number_of(remote, "rtpPort")), family);
  const std::string direction = string_of(agreement, "direction");
  config->sends = direction == "sendrecv" || direction == "sendonly";
  config->receives = direction == "sendrecv" || direction == "recvonly";
  config->echo = echo_mode_of(agreement.Env(), string_of(agreement, "echoCancellation"));
  config->wide = codec == CodecKind::g722 || codec == CodecKind::opus;
  const Napi::Value srtp = agreement.Get("srtp");
  if (srtp.IsObject()) secure(*config, srtp.As<Napi::Object>());
  return config;
}

ToneOrder tone_order_of(const Napi::Value& value) {
  ToneOrder order;
  if (!value.IsArray() || value.As<Napi::Array>().Length() == 0 || value.As<Napi::Array>().Length() > ToneOrder::kMostSteps) {
    throw Napi::TypeError::New(value.Env(), "a tone has 1 to " + std::to_string(ToneOrder::kMostSteps) + " steps");
  }
  const auto steps = value.As<Napi::Array>();
  for (; order.count < steps.Length(); ++order.count) {
    const auto step = steps.Get(static_cast<std::uint32_t>(order.count)).As<Napi::Object>();
    const auto hz = step.Get("hz").As<Napi::Array>();
    ToneStep& own = order.steps[order.count];
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(hz.Length(), 2); ++i) own.hz[i] = hz.Get(i).ToNumber().FloatValue();
    own.ms = step.Get("ms").ToNumber().Uint32Value();
  }
  return order;
}

Napi::Object event_to_js(Napi::Env env, const Event& event) {
  Napi::Object out = Napi::Object::New(env);
  out["slot"] = Napi::Number::New(env, event.slot);
  out["generation"] = Napi::Number::New(env, event.generation);
  out["type"] = Napi::String::New(env, type_name(event.type));
  out["atMs"] = Napi::Number::New(env, to_ms(event.at));
  switch (event.type) {
    case Event::Type::digit:
      out["digit"] = Napi::String::New(env, std::string(1, event.digit));
      out["durationMs"] = Napi::Number::New(env, event.duration_ms);
      break;
    case Event::Type::tone:
      out["lowHz"] = Napi::Number::New(env, event.tone.low_hz);
      out["highHz"] = Napi::Number::New(env, event.tone.high_hz);
      out["startMs"] = Napi::Number::New(env, event.tone.start_ms);
      out["endMs"] = Napi::Number::New(env, event.tone.end_ms);
      break;
    case Event::Type::mark:
      out["id"] = Napi::Number::New(env, event.mark_id);
      break;
    case Event::Type::latched:
      out["address"] = Napi::String::New(env, event.endpoint.host());
      out["port"] = Napi::Number::New(env, event.endpoint.port());
      break;
    default:
      break;
  }
  return out;
}

Napi::Object recording_to_js(Napi::Env env, const MediaEngine::ClosedRecording& recording) {
  Napi::Object out = Napi::Object::New(env);
  out["type"] = Napi::String::New(env, "recordingClosed");
  out["generation"] = Napi::Number::New(env, recording.generation);
  out["durationSamples"] = Napi::Number::New(env, static_cast<double>(recording.result.duration_samples));
  out["lostSamples"] = Napi::Number::New(env, static_cast<double>(recording.result.lost_samples));
  out["error"] = Napi::String::New(env, recording.result.error);
  return out;
}

std::optional<Seal> seal_from_js(const Napi::Value& value) {
  if (!value.IsObject()) return std::nullopt;
  const auto prefix = bytes_of(value.As<Napi::Object>(), "prefix");
  const auto key = bytes_of(value.As<Napi::Object>(), "key");
  Seal seal;
  if (!prefix || !key || key->size() != seal.key.size()) throw Napi::TypeError::New(value.Env(), "a seal has a prefix and a key of 32 bytes");
  seal.prefix.assign(prefix->begin(), prefix->end());
  std::copy(key->begin(), key->end(), seal.key.begin());
  return seal;
}

Napi::Object stats_to_js(Napi::Env env, const Session& session) {
  const SessionCounters& counters = session.counters;
  Napi::Object out = Napi::Object::New(env);
  const auto set = [&](const char* name, const Counter& counter) {
    out[name] = Napi::Number::New(env, static_cast<double>(counter.get()));
  };
  set("packetsReceived", counters.packets_received);
  set("packetsSent", counters.packets_sent);
  set("payloadBytesSent", counters.payload_bytes_sent);
  set("packetsLost", counters.packets_lost);
  set("packetsLate", counters.packets_late);
  set("packetsDuplicate", counters.packets_duplicate);
  set("packetsMalformed", counters.packets_malformed);
  set("packetsWrongSource", counters.packets_wrong_source);
  set("packetsOverRate", counters.packets_over_rate);
  set("lossRuns", counters.loss_runs);
  set("lossBursts", counters.loss_bursts);
  set("burstPackets", counters.burst_packets);
  set("burstPacketsLost", counters.burst_packets_lost);
  set("packetsUnauthentic", counters.packets_unauthentic);
  set("concealedSamples", counters.concealed_samples);
  set("jitterUs", counters.jitter_us);
  set("remoteSsrc", counters.remote_ssrc);
  set("remoteHighestSequence", counters.remote_highest_sequence);
  set("remoteExpected", counters.remote_expected);
  set("remoteReceived", counters.remote_received);
  set("lastSentTimestamp", counters.last_sent_timestamp);
  out["recordedSamplesLost"] = Napi::Number::New(
      env, session.recording != nullptr ? static_cast<double>(session.recording->lost_samples()) : 0);
  out["ssrc"] = Napi::Number::New(env, session.ssrc);
  out["lastSentMs"] = Napi::Number::New(env, to_ms(counters.last_sent_at.load(std::memory_order_relaxed)));
  out["sendLatenessMaxMs"] =
      Napi::Number::New(env, to_ms(static_cast<MonotonicNs>(counters.send_lateness_max_ns.get())));
  return out;
}

}  // namespace offhook
