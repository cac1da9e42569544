#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/line_codec.h"

namespace offhook::bench {

using Samples = std::vector<std::int16_t>;

enum class Codec : std::uint8_t { g711, g722, opus, opus_fec };

/// 20 ms of speech in one packet.
struct Packet {
  std::vector<std::uint8_t> payload;
  double arrival_ms{0};  ///< the first one leaves at 20 ms, when its last sample was taken
  bool lost{false};
};

struct Speech {
  Codec codec{Codec::g711};
  std::vector<Packet> packets;
  Samples original;  ///< as the codec alone leaves it, without a network
};

Speech encode(std::span<const std::int16_t> wide, Codec codec);
std::unique_ptr<LineCodec> decoder_of(Codec codec);
std::uint32_t clock_rate_of(Codec codec);

/// What a listener heard: 20 ms frames, and where in the original each begins.
struct Heard {
  Samples samples;
  std::vector<std::int64_t> positions;
  double added_delay_ms{0};   ///< mean, over the packet's own 20 ms
  double made_up_percent{0};
  double scaled_percent{0};   ///< of the time, cut or repeated
};

/// Through our jitter buffer.
Heard by_jitter_buffer(const Speech& speech);
/// Through a buffer of fixed length, with what is missing left silent, or the last frame said again.
Heard by_fixed_buffer(const Speech& speech, double delay_ms, bool repeat);

}  // namespace offhook::bench
