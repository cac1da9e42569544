#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

namespace offhook {

/// Runs of samples with their positions, from one thread to another, without locks. One producer, one consumer.
class SampleRing {
 public:
  explicit SampleRing(std::size_t min_samples) : words_(std::bit_ceil(std::max<std::size_t>(min_samples, 64))) {}

  /// Producer. All or nothing: false when there is no room for the whole run.
  bool push(std::int64_t position, std::span<const std::int16_t> samples) noexcept {
    const std::uint64_t head = head_.load(std::memory_order_relaxed);
    const std::uint64_t used = head - tail_.load(std::memory_order_acquire);
    if (samples.size() > words_.size() || used + kHeaderWords + samples.size() > words_.size()) return false;
    const Header header{.position = position, .size = samples.size()};
    std::int16_t words[kHeaderWords];
    std::memcpy(words, &header, sizeof header);
    copy_in(head, words);
    copy_in(head + kHeaderWords, samples);
    head_.store(head + kHeaderWords + samples.size(), std::memory_order_release);
    return true;
  }

  /// Consumer. Hands every run that was pushed before the call to `take(position, samples)`, in order, in one or two pieces.
  template <typename Take>
  void drain(Take take) {
    std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    const std::uint64_t head = head_.load(std::memory_order_acquire);
    while (tail != head) {
      std::int16_t words[kHeaderWords];
      copy_out(tail, words);
      Header header;
      std::memcpy(&header, words, sizeof header);
      const std::size_t begin = index_of(tail + kHeaderWords);
      const std::size_t first = std::min<std::size_t>(header.size, words_.size() - begin);
      take(header.position, std::span<const std::int16_t>(words_).subspan(begin, first));
      if (first < header.size) {
        const auto rest = std::span<const std::int16_t>(words_).first(header.size - first);
        take(header.position + static_cast<std::int64_t>(first), rest);
      }
      tail += kHeaderWords + header.size;
      tail_.store(tail, std::memory_order_release);
    }
  }

 private:
  struct Header {
    std::int64_t position;
    std::uint64_t size;
  };
  static constexpr std::size_t kHeaderWords = sizeof(Header) / sizeof(std::int16_t);
  static constexpr std::size_t kCacheLineBytes = 64;

  [[nodiscard]] std::size_t index_of(std::uint64_t at) const noexcept { return at & (words_.size() - 1); }

  void copy_in(std::uint64_t at, std::span<const std::int16_t> from) noexcept {
    const std::size_t begin = index_of(at);
    const std::size_t first = std::min(from.size(), words_.size() - begin);
    std::copy_n(from.begin(), first, words_.begin() + static_cast<std::ptrdiff_t>(begin));
    std::copy(from.begin() + static_cast<std::ptrdiff_t>(first), from.end(), words_.begin());
  }

  void copy_out(std::uint64_t at, std::span<std::int16_t> to) const noexcept {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = words_[index_of(at + i)];
  }

  std::vector<std::int16_t> words_;
  // Each counter is written by one side only; on lines of their own they do not slow the other side's down.
  alignas(kCacheLineBytes) std::atomic<std::uint64_t> head_{0};
  alignas(kCacheLineBytes) std::atomic<std::uint64_t> tail_{0};
};

}  // namespace offhook
