#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace offhook {

/// Samples in the order in which they came, at most `kMost` of them: more pushes out the oldest. For one thread.
template <std::size_t kMost>
class SampleFifo {
 public:
  void write(std::span<const std::int16_t> samples) noexcept {
    // From the front again, which the cache may still hold.
    if (read_ == write_) read_ = write_ = 0;
    for (std::size_t done = 0; done < samples.size();) {
      const std::size_t at = write_ & kMask;
      const std::size_t run = std::min(samples.size() - done, ring_.size() - at);
      std::copy_n(samples.data() + done, run, ring_.data() + at);
      done += run;
      write_ += run;
    }
    if (size() > kMost) read_ = write_ - kMost;
  }

  /// Copies from the front, behind the first `offset`, without taking. Returns how much there was.
  std::size_t peek(std::span<std::int16_t> out, std::size_t offset = 0) const noexcept {
    const std::size_t count = std::min(out.size(), size() - std::min(offset, size()));
    const std::size_t at = (read_ + offset) & kMask;
    const std::size_t run = std::min(count, ring_.size() - at);
    std::copy_n(ring_.data() + at, run, out.data());
    std::copy_n(ring_.data(), count - run, out.data() + run);
    return count;
  }

  /// Drops from the front.
  void skip(std::size_t count) noexcept { read_ += std::min(count, size()); }
  void clear() noexcept { read_ = write_; }
  [[nodiscard]] std::size_t size() const noexcept { return write_ - read_; }

 private:
  /// A power of two with room for what is written before the oldest is dropped.
  static constexpr std::size_t kMask = 4'095;
  static_assert(kMost <= kMask + 1);

  std::array<std::int16_t, kMask + 1> ring_{};
  std::size_t write_{0};
  std::size_t read_{0};
};

}  // namespace offhook
