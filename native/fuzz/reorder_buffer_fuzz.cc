#include <memory>

#include "fuzz/byte_source.h"
#include "rtp/receiver_stats.h"
#include "rtp/reorder_buffer.h"
#include "rtp/sequence.h"

/// Any order, loss, repetition and jump of packets: what leaves is in order without overlap, each packet as it came in, and the
/// buffer never holds back for longer than it may.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offhook;
  using fuzz::require;
  using Kind = ReorderBuffer::Popped::Kind;
  fuzz::ByteSource source(data, size);
  const auto buffer = std::make_unique<ReorderBuffer>();
  SequenceUnwrapper unwrapper;
  ReceiverStats stats(8000);
  std::int64_t now_ns = 0;
  std::int64_t next = 0;
  bool begun = false;
  std::uint16_t near = source.number<std::uint16_t>();

  while (!source.empty()) {
    const auto action = source.number<std::uint8_t>();
    now_ns += (action >> 4) * 5'000'000LL;
    switch (action & 3) {
      case 0: ++near; break;
      case 1: near = static_cast<std::uint16_t>(near + source.number<std::int8_t>()); break;
      case 2: near = source.number<std::uint16_t>(); break;
      default:
        if ((action & 12) == 12) {
          buffer->reset();
          unwrapper.reset();
          stats.restart(48'000);
          begun = false;
        }
        break;
    }
    if ((action & 3) != 3) {
      const auto payload = source.take(action & 4 ? 1'600 : 3);
      const std::int64_t sequence = unwrapper.unwrap(near);
      const auto timestamp = static_cast<std::uint32_t>(sequence * 160);
      stats.on_packet(sequence, timestamp, now_ns, (action & 8) == 0);
      const auto outcome = buffer->insert(sequence, timestamp, payload, now_ns);
      require((outcome == ReorderBuffer::Insert::oversized) == (payload.size() > ReorderBuffer::kMaxPayloadBytes));
    }
    if ((action & 8) != 0) continue;
    for (auto popped = buffer->pop(now_ns); popped.kind != Kind::nothing; popped = buffer->pop(now_ns)) {
      if (popped.kind == Kind::gap) {
        require(popped.lost > 0 && popped.lost < ReorderBuffer::kSlots && begun && popped.sequence == next);
        next += static_cast<std::int64_t>(popped.lost);
        continue;
      }
      require(popped.discontinuity || (begun && popped.sequence == next));
      require(popped.timestamp == static_cast<std::uint32_t>(popped.sequence * 160));
      require(popped.arrival_ns <= now_ns && popped.payload.size() <= ReorderBuffer::kMaxPayloadBytes);
      begun = true;
      next = popped.sequence + 1;
    }
    require(buffer->stored() < ReorderBuffer::kSlots);
    require(stats.jitter_ms() >= 0 && stats.total_lost() >= 0);
    static_cast<void>(stats.take_fraction_lost());
  }
  now_ns += ReorderBuffer::kMostGapWaitNs;
  while (buffer->pop(now_ns).kind != Kind::nothing) continue;
  require(buffer->stored() == 0);
  return 0;
}
