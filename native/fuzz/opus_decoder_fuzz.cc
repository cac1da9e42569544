#include <array>

#include "dsp/opus_codec.h"
#include "fuzz/byte_source.h"

/// Any packets in any order of decoding, concealment and FEC: never more samples than asked for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offhook;
  fuzz::ByteSource source(data, size);
  OpusDecoderStage decoder;
  std::array<std::int16_t, kOpusMaxFrameSamples> out{};
  while (!source.empty()) {
    const auto action = source.number<std::uint8_t>();
    const auto packet = source.take(action >> 1);
    const auto room = std::span(out).first(action & 1 ? 320 : out.size());
    const int samples = packet.empty()   ? decoder.conceal(room)
                        : action % 5 == 0 ? decoder.decode_fec(packet, room)
                                          : decoder.decode(packet, room);
    fuzz::require(samples >= -1 && samples <= static_cast<int>(room.size()));
  }
  return 0;
}
