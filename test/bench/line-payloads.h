#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "dsp/g711.h"
#include "dsp/opus_codec.h"

/// One caller's voice as the payloads of one codec, 20 ms each: what the load generator sends again and again, so that its own
/// work per packet is the same for all codecs.
struct LinePayloads {
  std::uint8_t payload_type{0};
  std::uint32_t clock_rate_hz{8'000};
  std::vector<std::vector<std::uint8_t>> packets;

  [[nodiscard]] std::uint32_t ticks_per_packet() const { return clock_rate_hz / 50; }
};

/// `speech` is mu-law at 8 kHz.
inline LinePayloads line_payloads(const std::string& codec, std::uint8_t payload_type, std::span<const std::uint8_t> speech) {
  constexpr std::size_t kNarrow = 160;
  LinePayloads out{.payload_type = payload_type, .clock_rate_hz = codec == "opus" ? 48'000U : 8'000U, .packets = {}};
  offhook::OpusEncoderStage opus;
  for (std::size_t at = 0; at + kNarrow <= speech.size(); at += kNarrow) {
    const auto frame = speech.subspan(at, kNarrow);
    if (codec == "PCMU") {
      out.packets.emplace_back(frame.begin(), frame.end());
      continue;
    }
    std::array<std::int16_t, kNarrow> pcm;
    offhook::ulaw_decode(frame, pcm.data());
    if (codec == "PCMA") {
      auto& payload = out.packets.emplace_back(kNarrow);
      offhook::alaw_encode(pcm, payload.data());
    } else if (codec == "opus") {
      // Each sample twice makes 16 kHz: what is above 4 kHz is nothing that anybody listens to here.
      std::array<std::int16_t, 2 * kNarrow> wide;
      for (std::size_t i = 0; i < wide.size(); ++i) wide[i] = pcm[i / 2];
      std::array<std::uint8_t, offhook::kOpusMaxFrameBytes> bytes;
      const int size = opus.encode(wide, bytes);
      if (size <= 0) throw std::runtime_error("Opus did not take the speech");
      out.packets.emplace_back(bytes.begin(), bytes.begin() + size);
    } else {
      throw std::runtime_error("no such codec: " + codec);
    }
  }
  return out;
}
