#include <array>
#include <memory>

#include "engine/jitter_buffer.h"
#include "fuzz/byte_source.h"

/// Any packets at any time, taken in frames of any length: whatever comes, a frame leaves each time, and it stays inside its buffers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offhook;
  static constexpr std::array kCodecs{CodecKind::pcmu, CodecKind::pcma, CodecKind::g722};
  fuzz::ByteSource source(data, size);
  const auto buffer = std::make_unique<JitterBuffer>(make_line_codec(kCodecs[source.number<std::uint8_t>() % 3]), 8'000);
  MonotonicNs now = 0;
  std::int64_t sequence = 0;
  std::uint32_t timestamp = source.number<std::uint32_t>();
  std::array<std::int16_t, 960> frame;
  while (!source.empty()) {
    const auto action = source.number<std::uint8_t>();
    if (action & 1) {
      sequence += (action & 2) ? source.number<std::int8_t>() : 1;
      timestamp = (action & 4) ? source.number<std::uint32_t>() : timestamp + 160;
      buffer->insert(sequence, timestamp, source.take(action & 8 ? source.number<std::uint8_t>() : 160), now);
      continue;
    }
    const std::size_t samples = 80 * (1 + (action >> 4) % 12);
    buffer->take(std::span(frame).first(samples), now);
    now += static_cast<MonotonicNs>(samples) * 62'500;
    if ((action & 14) == 14) buffer->restart();
  }
  return 0;
}
