#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "engine/media_engine.h"

namespace offhook::test {

inline constexpr std::size_t kRingSamples = 1U << 16U;
inline constexpr std::size_t kSlotHeaderBytes = 64;
inline constexpr std::size_t kSlotBytes = kSlotHeaderBytes + kRingSamples * 2;

/// An engine on loopback whose events are kept.
struct LoopbackEngine {
  explicit LoopbackEngine(std::uint32_t slots, std::function<void()> wake = [] {})
      : memory(slots * kSlotBytes / 8), engine(options(slots), std::move(wake)) {}

  std::vector<std::uint64_t> memory;
  std::vector<Event> events;
  std::vector<MediaEngine::ClosedRecording> recordings;
  MediaEngine engine;

  EngineOptions options(std::uint32_t slots) {
    EngineOptions options;
    options.bind_address = *Endpoint::parse("127.0.0.1", 0, AF_INET);
    options.port_min = 31'000;
    options.port_max = 31'999;
    options.capacity = slots;
    options.audio_memory = reinterpret_cast<std::uint8_t*>(memory.data());
    options.slot_bytes = kSlotBytes;
    options.header_bytes = kSlotHeaderBytes;
    options.ring_samples = kRingSamples;
    return options;
  }

  bool until(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (std::chrono::steady_clock::now() < limit) {
      engine.dispatch([this](const Event& event) { events.push_back(event); },
                      [this](const MediaEngine::ClosedRecording& recording) { recordings.push_back(recording); });
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
  }

  [[nodiscard]] std::size_t count(Event::Type type) const {
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), [type](const Event& event) { return event.type == type; }));
  }
};

inline std::unique_ptr<SessionConfig> config_for(CodecKind kind, std::uint16_t port, bool fresh = true) {
  auto config = std::make_unique<SessionConfig>();
  if (fresh) config->codec = make_line_codec(kind);
  if (kind == CodecKind::opus) config->clock_rate_hz = 48'000;
  config->event_payload_type = 101;
  config->announced = Endpoint::parse("127.0.0.1", port, AF_INET);
  return config;
}

}  // namespace offhook::test
