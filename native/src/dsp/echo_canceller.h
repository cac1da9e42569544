#pragma once

#include <cstdint>
#include <span>

#include "dsp/echo_filter.h"
#include "dsp/echo_gate.h"
#include "dsp/echo_reference.h"
#include "dsp/echo_search.h"

namespace offhook {

/// `automatic`: takes away echo where there is some. `on`: from the first sample on, found or not. `off`: heard is heard.
enum class EchoMode : std::uint8_t { off, automatic, on };

/// Takes what we said out of what we hear: a linear model of the way there and back, then silence where nothing but the rest of an
/// echo is left. At 16 kHz, in place, without delay. While we say nothing, and shortly after, it only counts.
///
/// What was sent and what is heard are matched by counting samples of both, so that the jitter of packets does not matter.
/// Allocates nothing; owned by the media thread.
class EchoCanceller {
 public:
  void set_mode(EchoMode mode) noexcept {
    // What passed meanwhile was not counted.
    if (mode_ == EchoMode::off) aligned_ = false;
    mode_ = mode;
  }
  /// Whether more than the telephone's 4 kHz come.
  void set_wide(bool wide) noexcept { bins_ = wide ? Spectrum::kBins : kNarrowBins; }

  /// All that goes out, silence too: the delay is counted in it.
  void sent(std::span<const std::int16_t> samples) noexcept {
    if (mode_ != EchoMode::off) reference_.write(samples);
  }
  void heard(std::span<std::int16_t> samples) noexcept;

  /// There is an echo: it was found, and is being taken away.
  [[nodiscard]] bool found() const noexcept { return found_; }

 private:
  static constexpr std::size_t kNarrowBins = 130;

  void begin_block() noexcept;
  void align() noexcept;
  void move_reference(std::int64_t blocks) noexcept;
  [[nodiscard]] float loudest_sent() const noexcept;
  void clean(std::span<std::int16_t> piece) noexcept;
  void end_block() noexcept;
  void take_finding() noexcept;
  /// The sent block that is opposite to the present heard one: no later one can be in it.
  [[nodiscard]] std::int64_t newest() const noexcept { return heard_blocks_ + alignment_; }
  [[nodiscard]] bool filters() const noexcept { return found_ || mode_ == EchoMode::on; }

  EchoMode mode_{EchoMode::off};
  std::size_t bins_{kNarrowBins};

  bool aligned_{false};
  std::int64_t alignment_{0};
  std::int64_t heard_blocks_{0};
  std::int64_t least_lag_{0};
  int blocks_watched_{0};

  bool found_{false};
  std::int64_t first_partition_{0};  ///< delay, in blocks, at which the filter begins
  int blocks_until_search_{0};
  int blocks_since_change_{0};

  bool active_{false};
  std::size_t filled_{0};
  float sent_power_{0};  ///< the most that can be echoing in the present block
  EchoGate gate_;
  EchoReference reference_;

  // Large, and untouched while nobody speaks.
  RealFft::Samples echo_{};  ///< its second half is what the filter expects in the present block
  RealFft::Samples rest_{};  ///< what is left of the block before, and of the present one
  EchoSearch search_;
  EchoFilter filter_;
};

}  // namespace offhook
