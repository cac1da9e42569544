#include "bench/opus_bench.h"

#include <array>
#include <string>

#include "bench/stopwatch.h"
#include "dsp/opus_codec.h"

namespace offhook::bench {

void run_opus() {
  const std::vector<std::int16_t> second = buzz(kOpusRateHz, kOpusRateHz);
  std::array<std::uint8_t, kOpusMaxFrameBytes> packet{};
  std::array<std::int16_t, 320> out{};
  std::size_t at = 0;
  const auto next_frame = [&] {
    at = (at + 320) % second.size();
    return std::span(second).subspan(at, 320);
  };
  int size = 0;
  for (const int complexity : {0, 1, 2, 3, 5, 10}) {
    OpusEncoderStage encoder;
    encoder.apply({.complexity = complexity});
    const std::string name = "opus encode, complexity " + std::to_string(complexity);
    measure(name.c_str(), [&] { size = encoder.encode(next_frame(), packet); keep(packet); }, 10, 201);
  }
  OpusEncoderStage idle;
  const std::vector<std::int16_t> silence(320);
  for (int i = 0; i < 100; ++i) static_cast<void>(idle.encode(silence, packet));
  std::array<std::uint8_t, kOpusMaxFrameBytes> silent_packet{};
  measure("opus encode, silence", [&] { keep(idle.encode(silence, silent_packet)); });
  OpusDecoderStage decoder;
  const auto bytes = std::span(packet).first(static_cast<std::size_t>(std::max(size, 0)));
  measure("opus decode", [&] { keep(decoder.decode(bytes, out)); }, 10, 201);
}

}  // namespace offhook::bench
