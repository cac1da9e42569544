#include "dsp/echo_canceller.h"

#include <algorithm>

namespace offhook {

namespace {
/// Pieces in which the gate opens and closes, 4 ms: a word's first sound is not lost in a block.
constexpr std::size_t kPiece = 64;
/// After the last sound that we sent: the longest delay, the filter's length and 100 ms for the room.
constexpr std::int64_t kTailBlocks = EchoSearch::kDelays + EchoFilter::kPartitions + 6;
/// How long the far end must keep back before we take it for its clock, or the network, having become slower: 2 s.
constexpr int kLagWindow = 125;
/// Speech of the caller's own comes to 0.17 by chance, an echo of 45 dB return loss in line noise to 0.2.
constexpr float kFoundShare = 0.2F;
/// So much echo left by a filter that had its time means that the way has changed.
constexpr float kLostShare = 0.25F;
/// 0.6 s: what the filter does shows in the search only after some time.
constexpr int kSettleBlocks = 40;
constexpr int kSearchEvery = 4;
/// The filter begins this much before the delay where most of the echo is.
constexpr std::int64_t kBeforePeak = 2;
}  // namespace

void EchoCanceller::heard(std::span<std::int16_t> samples) noexcept {
  if (mode_ == EchoMode::off) return;
  while (!samples.empty()) {
    if (filled_ == 0) begin_block();
    const std::size_t count = std::min({samples.size(), kEchoBlock - filled_, kPiece - filled_ % kPiece});
    if (active_) clean(samples.first(count));
    filled_ += count;
    samples = samples.subspan(count);
    if (filled_ < kEchoBlock) continue;
    if (active_) end_block();
    filled_ = 0;
    heard_blocks_ += 1;
  }
}

/// Keeps heard blocks opposite to the newest sent ones that they can hold an echo of.
void EchoCanceller::align() noexcept {
  const std::int64_t present = reference_.count() - 1;
  if (!aligned_) alignment_ = present - heard_blocks_;
  aligned_ = true;
  const std::int64_t lag = present - newest();
  if (lag > EchoSearch::kDelays) {
    // Their clock stood still, as on hold: the way there and back is as long as it was.
    alignment_ += lag;
    least_lag_ = 0;
    return;
  }
  least_lag_ = std::min(least_lag_, lag);
  if (lag < 0) move_reference(lag);
  if (++blocks_watched_ < kLagWindow) return;
  if (least_lag_ > 1) move_reference(least_lag_ - 1);
  blocks_watched_ = 0;
  least_lag_ = EchoSearch::kDelays;
}

void EchoCanceller::move_reference(std::int64_t blocks) noexcept {
  alignment_ += blocks;
  search_.shift(blocks);
  first_partition_ += blocks;
  if (first_partition_ >= 0) return;
  filter_.shift(first_partition_);
  first_partition_ = 0;
}

void EchoCanceller::begin_block() noexcept {
  align();
  const bool was_active = active_;
  active_ = reference_.sounds_since(newest() - kTailBlocks);
  if (!active_) return;
  if (!was_active) {
    rest_.fill(0);
    gate_.reopen();
  }
  if (filters()) filter_.predict(reference_, newest() - first_partition_, bins_, echo_);
  else echo_.fill(0);
  sent_power_ = loudest_sent();
}

float EchoCanceller::loudest_sent() const noexcept {
  const std::int64_t first = found_ ? first_partition_ : 0;
  const std::int64_t last = found_ ? first_partition_ + EchoFilter::kPartitions : EchoSearch::kDelays;
  float most = 0;
  for (std::int64_t delay = first; delay < last; ++delay) {
    const EchoReference::Block* block = reference_.sounding(newest() - delay);
    if (block != nullptr) most = std::max(most, block->power);
  }
  return most;
}

void EchoCanceller::clean(std::span<std::int16_t> piece) noexcept {
  const float* echo = echo_.data() + kEchoBlock + filled_;
  float* rest = rest_.data() + kEchoBlock + filled_;
  for (std::size_t i = 0; i < piece.size(); ++i) rest[i] = static_cast<float>(piece[i]) / 32'768.0F - echo[i];
  gate_.pass({rest, piece.size()}, {echo, piece.size()}, sent_power_, piece);
}

void EchoCanceller::end_block() noexcept {
  const auto rest = std::span(rest_).last<kEchoBlock>();
  gate_.learn(rest, std::span(echo_).last<kEchoBlock>(), sent_power_);
  Spectrum spectrum;
  RealFft::forward(rest_, spectrum);
  search_.add(spectrum, reference_, newest());
  if (filters()) {
    RealFft::Samples error{};
    std::copy(rest.begin(), rest.end(), error.begin() + kEchoBlock);
    filter_.learn(reference_, newest() - first_partition_, bins_, error);
  }
  std::copy(rest.begin(), rest.end(), rest_.begin());
  blocks_since_change_ += 1;
  if (++blocks_until_search_ < kSearchEvery) return;
  blocks_until_search_ = 0;
  take_finding();
}

void EchoCanceller::take_finding() noexcept {
  const EchoSearch::Finding finding = search_.find();
  if (finding.sure || finding.share >= kFoundShare) gate_.set_share(finding.share);
  if (finding.share < kFoundShare || (found_ && blocks_since_change_ < kSettleBlocks)) return;
  const bool within = finding.delay >= first_partition_ && finding.delay <= first_partition_ + EchoFilter::kPartitions / 2;
  if (found_ && within && finding.share < kLostShare) return;
  if (!found_ || !within) {
    const std::int64_t first = std::max<std::int64_t>(finding.delay - kBeforePeak, 0);
    filter_.shift(first_partition_ - first);
    first_partition_ = first;
  }
  filter_.doubt();
  found_ = true;
  blocks_since_change_ = 0;
}

}  // namespace offhook
