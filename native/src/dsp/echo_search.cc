#include "dsp/echo_search.h"

namespace offhook {

namespace {
/// Forgets with a time constant of 24 blocks, 0.4 s.
constexpr float kKeep = 1.0F - 1.0F / 24.0F;
/// With less, chance looks like an echo: phases of so few blocks may agree by themselves.
constexpr float kLeastBlocks = 9.0F;
constexpr float kTiny = 1e-12F;
}  // namespace

void EchoSearch::add(const Spectrum& heard, const EchoReference& reference, std::int64_t newest) noexcept {
  Outline y;
  outline_of(heard, y);
  for (std::int64_t p = 0; p < kDelays; ++p) {
    const EchoReference::Block* sent = reference.sounding(newest - p);
    if (sent == nullptr) continue;
    Delay& delay = delays_[static_cast<std::size_t>(p)];
    const Outline& x = sent->outline;
    float chance = 0;
    for (std::size_t i = 0; i < kSearchBins; ++i) {
      delay.re[i] = delay.re[i] * kKeep + x.re[i] * y.re[i] + x.im[i] * y.im[i];
      delay.im[i] = delay.im[i] * kKeep + x.re[i] * y.im[i] - x.im[i] * y.re[i];
      delay.sent[i] = delay.sent[i] * kKeep + x.power[i];
      delay.heard[i] = delay.heard[i] * kKeep + y.power[i];
      chance += x.power[i] * y.power[i];
    }
    delay.chance = delay.chance * kKeep * kKeep + chance;
    delay.blocks = delay.blocks * kKeep + 1;
  }
}

EchoSearch::Finding EchoSearch::find() const noexcept {
  Finding best;
  for (std::int64_t p = 0; p < kDelays; ++p) {
    const Delay& delay = delays_[static_cast<std::size_t>(p)];
    if (delay.blocks < kLeastBlocks) continue;
    float agreement = 0;
    float most = 0;
    for (std::size_t i = 0; i < kSearchBins; ++i) {
      agreement += delay.re[i] * delay.re[i] + delay.im[i] * delay.im[i];
      most += delay.sent[i] * delay.heard[i];
    }
    const float share = (agreement - delay.chance) / (most - delay.chance + kTiny);
    if (share <= best.share) continue;
    best.share = share;
    best.delay = p;
  }
  best.sure = delays_.back().blocks >= kLeastBlocks;
  return best;
}

void EchoSearch::shift(std::int64_t blocks) noexcept {
  if (blocks == 0) return;
  const std::array<Delay, kDelays> before = delays_;
  for (std::int64_t p = 0; p < kDelays; ++p) {
    const std::int64_t from = p - blocks;
    delays_[static_cast<std::size_t>(p)] = from >= 0 && from < kDelays ? before[static_cast<std::size_t>(from)] : Delay{};
  }
}

void EchoSearch::reset() noexcept { delays_.fill({}); }

}  // namespace offhook
