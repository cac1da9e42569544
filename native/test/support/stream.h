#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "dsp/g711.h"
#include "engine/jitter_buffer.h"

/// A far end, a network and a listener, each with a clock that tests turn.
namespace offhook::test {

/// A packet of a stream and when it arrives; never, if lost.
struct Sent {
  std::int64_t sequence{0};
  std::uint32_t timestamp{0};
  std::vector<std::uint8_t> payload;
  double arrival_ms{0};
  bool lost{false};
};

/// `signal`, at 8 kHz, in A-law packets of `ptime_ms`, the first sampled at 0 and sent when it is complete. The sender's clock
/// runs `ppm` faster than the network's. What arrives when, or not at all, is for `network` to say.
inline std::vector<Sent> packets_of(std::span<const std::int16_t> signal, int ptime_ms, const std::function<void(Sent&)>& network,
                                    double ppm = 0, std::int64_t first_sequence = 0, std::uint32_t first_timestamp = 0) {
  const auto samples = static_cast<std::size_t>(8 * ptime_ms);
  std::vector<Sent> packets;
  for (std::size_t i = 0; (i + 1) * samples <= signal.size(); ++i) {
    Sent sent;
    sent.sequence = first_sequence + static_cast<std::int64_t>(i);
    sent.timestamp = first_timestamp + static_cast<std::uint32_t>(i * samples);
    sent.payload.resize(samples);
    alaw_encode(signal.subspan(i * samples, samples), sent.payload.data());
    sent.arrival_ms = static_cast<double>((i + 1) * static_cast<std::size_t>(ptime_ms)) / (1 + ppm * 1e-6);
    network(sent);
    packets.push_back(std::move(sent));
  }
  return packets;
}

/// What somebody hears who takes 20 ms every 20 ms, first at `phase_ms`.
class Listener {
 public:
  explicit Listener(CodecKind codec = CodecKind::pcma, std::uint32_t clock_rate_hz = 8'000)
      : buffer(make_line_codec(codec), clock_rate_hz) {}

  void hear(std::vector<Sent> packets, double until_ms, double phase_ms = 0) {
    std::stable_sort(packets.begin(), packets.end(), [](const Sent& a, const Sent& b) { return a.arrival_ms < b.arrival_ms; });
    auto next = packets.begin();
    for (double at_ms = phase_ms; at_ms < until_ms; at_ms += 20) {
      for (; next != packets.end() && next->arrival_ms <= at_ms; ++next) {
        if (!next->lost) buffer.insert(next->sequence, next->timestamp, next->payload, at(next->arrival_ms));
      }
      const auto begin = heard.size();
      heard.resize(begin + kFrameSamples);
      // Behind the packets' own time by that much.
      delay_ms.push_back(at_ms - static_cast<double>(buffer.position()) / 16.0);
      buffer.take(std::span(heard).subspan(begin, kFrameSamples), at(at_ms));
    }
  }

  /// The monotonic clock began long before the call.
  static MonotonicNs at(double ms) { return 1'000 * kNsPerSecond + static_cast<MonotonicNs>(ms * 1e6); }

  JitterBuffer buffer;
  std::vector<std::int16_t> heard;  ///< at 16 kHz
  std::vector<double> delay_ms;     ///< of the frame's beginning, one for each 20 ms
};

}  // namespace offhook::test
