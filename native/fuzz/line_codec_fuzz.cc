#include <algorithm>
#include <array>

#include "engine/line_codec.h"
#include "fuzz/byte_source.h"

/// Any payloads, losses and pauses through each codec as the receiver drives it: never more than the longest packet, and what is
/// sent fits its datagram.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offhook;
  fuzz::ByteSource source(data, size);
  constexpr std::uint8_t kKinds = 4;
  const auto codec = make_line_codec(static_cast<CodecKind>(source.number<std::uint8_t>() % kKinds));
  constexpr std::size_t kSamplesPerMs = kAudioRateHz / 1000;
  constexpr std::array<std::size_t, 5> kPacketMs{10, 20, 30, 40, 60};
  constexpr std::size_t kStep = kAudioRateHz / 400;
  std::array<std::int16_t, kMaxPacketSamples> out{};
  std::array<std::uint8_t, 1'400> packet{};
  while (!source.empty()) {
    const auto action = source.number<std::uint8_t>();
    const auto payload = source.take(action & 64 ? source.number<std::uint16_t>() % 1'500 : action & 63);
    const auto made_up = std::span(out).first(kStep * (1 + action % 8));
    switch (action >> 6) {
      case 0:
        codec->conceal(made_up, payload);
        break;
      case 1:
        codec->silence(made_up);
        break;
      default:
        fuzz::require(codec->decode(payload, out.data()) <= out.size());
        break;
    }
    if (action % 3 == 0) {
      const auto frame = std::span<const std::int16_t>(out).first(kSamplesPerMs * kPacketMs[action % kPacketMs.size()]);
      fuzz::require(codec->encode(frame, packet) <= packet.size());
    }
  }
  return 0;
}
