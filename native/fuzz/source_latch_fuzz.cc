#include <array>

#include "engine/source_latch.h"
#include "fuzz/byte_source.h"

/// Any sources at any times: nobody takes a line over from a source that is heard, unless an agreement has just named them, and
/// who was never named is not taken at once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offhook;
  using fuzz::require;
  using Verdict = SourceLatch::Verdict;
  static const std::array kSources{*Endpoint::parse("192.0.2.1", 4000, AF_INET), *Endpoint::parse("192.0.2.1", 4002, AF_INET),
                                   *Endpoint::parse("198.51.100.9", 4000, AF_INET), *Endpoint::parse("203.0.113.5", 9, AF_INET)};
  fuzz::ByteSource source(data, size);
  SourceLatch latch;
  MonotonicNs now = 0;
  std::optional<Endpoint> announced;
  bool agreed = false;
  const Endpoint* locked = nullptr;
  MonotonicNs locked_heard_at = 0;
  std::array<int, kSources.size()> in_a_row{};
  std::uint16_t sequence = 0;

  while (!source.empty()) {
    const auto action = source.number<std::uint8_t>();
    now += (action >> 4) * 10 * kNsPerMs;
    if ((action & 15) == 15) {
      const auto which = source.number<std::uint8_t>() % (kSources.size() + 1);
      const auto next = which < kSources.size() ? std::optional(kSources[which]) : std::nullopt;
      const bool same = next.has_value() == announced.has_value() && (!next || *next == *announced);
      latch.announce(next, now);
      if (same && agreed) continue;
      agreed = true;
      announced = next;
      locked = nullptr;
      in_a_row = {};
      continue;
    }
    const std::size_t who = action & 3;
    const Endpoint& from = kSources[who];
    sequence = action & 4 ? source.number<std::uint16_t>() : static_cast<std::uint16_t>(sequence + 1);
    if ((action & 8) != 0) {
      require(!latch.is_source(from) || (locked != nullptr && *locked == from));
      continue;
    }
    const Verdict verdict = latch.on_audio(from, sequence, now);
    in_a_row[who] += 1;
    const bool named = announced && *announced == from;
    if (verdict == Verdict::latched) {
      require(named || in_a_row[who] >= SourceLatch::kProbationPackets);
      if (locked != nullptr && !named) {
        require(locked->same_host(from) && now - locked_heard_at >= SourceLatch::kSilenceNs);
      }
      locked = &from;
    }
    if (verdict == Verdict::accepted) require(locked != nullptr && *locked == from);
    if (verdict == Verdict::accepted || verdict == Verdict::latched) {
      locked_heard_at = now;
      in_a_row = {};
      require(latch.is_source(from) && latch.destination() != nullptr && *latch.destination() == from);
    }
  }
  return 0;
}
