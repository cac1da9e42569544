#include "bench/quality/line.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "engine/jitter_buffer.h"

namespace offhook::bench {

namespace {

constexpr double kFrameMs = 20;
constexpr int kExpectedLossPercent = 20;

MonotonicNs at(double ms) { return kNsPerSecond + static_cast<MonotonicNs>(ms * 1e6); }

std::vector<std::uint8_t> encoded(LineCodec& codec, std::span<const std::int16_t, kFrameSamples> frame) {
  std::vector<std::uint8_t> payload(1'500);
  payload.resize(codec.encode(frame, payload));
  return payload;
}

}  // namespace

std::unique_ptr<LineCodec> decoder_of(Codec codec) {
  if (codec == Codec::g711) return make_line_codec(CodecKind::pcma);
  return make_line_codec(codec == Codec::g722 ? CodecKind::g722 : CodecKind::opus);
}

std::uint32_t clock_rate_of(Codec codec) { return codec == Codec::g711 || codec == Codec::g722 ? 8'000 : 48'000; }

Speech encode(std::span<const std::int16_t> wide, Codec codec) {
  Speech speech{.codec = codec, .packets = {}, .original = {}};
  const auto line = decoder_of(codec);
  const auto decoder = decoder_of(codec);
  if (codec == Codec::opus_fec) {
    line->apply({.in_band_fec = true});
    line->expect_loss(kExpectedLossPercent);
  }
  std::array<std::int16_t, kMaxPacketSamples> decoded;
  for (std::size_t from = 0; from + kFrameSamples <= wide.size(); from += kFrameSamples) {
    const auto frame = wide.subspan(from).first<kFrameSamples>();
    Packet packet{.payload = encoded(*line, frame)};
    packet.arrival_ms = static_cast<double>(speech.packets.size() + 1) * kFrameMs;
    const std::size_t samples = decoder->decode(packet.payload, decoded.data());
    speech.original.insert(speech.original.end(), decoded.begin(), decoded.begin() + static_cast<std::ptrdiff_t>(samples));
    speech.packets.push_back(std::move(packet));
  }
  return speech;
}

Heard by_jitter_buffer(const Speech& speech) {
  JitterBuffer buffer(decoder_of(speech.codec), clock_rate_of(speech.codec));
  std::vector<std::size_t> order(speech.packets.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return speech.packets[a].arrival_ms < speech.packets[b].arrival_ms; });
  Heard heard;
  auto next = order.begin();
  double delay_sum = 0;
  constexpr double kPhaseMs = 7;
  for (double now = kPhaseMs; now < static_cast<double>(speech.packets.size()) * kFrameMs; now += kFrameMs) {
    for (; next != order.end() && speech.packets[*next].arrival_ms <= now; ++next) {
      const Packet& packet = speech.packets[*next];
      if (packet.lost) continue;
      const auto timestamp = static_cast<std::uint32_t>(*next * clock_rate_of(speech.codec) / 50);
      buffer.insert(static_cast<std::int64_t>(*next), timestamp, packet.payload, at(packet.arrival_ms));
    }
    std::array<std::int16_t, kFrameSamples> frame;
    buffer.take(frame, at(now));
    heard.samples.insert(heard.samples.end(), frame.begin(), frame.end());
    heard.positions.push_back(buffer.position() - static_cast<std::int64_t>(kFrameSamples));
    delay_sum += now - static_cast<double>(heard.positions.back()) / 16 - kFrameMs;
  }
  const auto& figures = buffer.figures();
  const auto share = [&](std::uint64_t samples) { return 100.0 * static_cast<double>(samples) / static_cast<double>(heard.samples.size()); };
  heard.added_delay_ms = delay_sum / static_cast<double>(heard.positions.size());
  heard.made_up_percent = share(figures.made_up_samples);
  heard.scaled_percent = share(figures.cut_samples + figures.repeated_samples);
  return heard;
}

Heard by_fixed_buffer(const Speech& speech, double delay_ms, bool repeat) {
  Heard heard;
  const auto decoder = decoder_of(speech.codec);
  std::array<std::int16_t, kMaxPacketSamples> frame{};
  std::size_t missing = 0;
  for (std::size_t i = 0; i < speech.packets.size(); ++i) {
    const Packet& packet = speech.packets[i];
    if (packet.lost || packet.arrival_ms > static_cast<double>(i + 1) * kFrameMs + delay_ms) {
      if (!repeat) frame.fill(0);
      missing += 1;
    } else {
      decoder->decode(packet.payload, frame.data());
    }
    heard.samples.insert(heard.samples.end(), frame.begin(), frame.begin() + kFrameSamples);
    heard.positions.push_back(static_cast<std::int64_t>(i * kFrameSamples));
  }
  heard.added_delay_ms = delay_ms;
  heard.made_up_percent = 100.0 * static_cast<double>(missing) / static_cast<double>(speech.packets.size());
  return heard;
}

}  // namespace offhook::bench
