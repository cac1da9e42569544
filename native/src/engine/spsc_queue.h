#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <type_traits>

namespace offhook {

/// Fixed-size queue between exactly one producing and one consuming thread. Storage is taken once, from the constructor's
/// thread; pages of it are first touched when they are first used.
template <typename T>
class SpscQueue {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit SpscQueue(std::size_t capacity)
      : mask_(std::bit_ceil(capacity) - 1), slots_(std::make_unique_for_overwrite<T[]>(mask_ + 1)) {}

  /// Producer. False when full.
  [[nodiscard]] bool push(const T& value) noexcept { return write({&value, 1}) == 1; }

  /// Producer. Takes as much as fits and returns how much that was.
  std::size_t write(std::span<const T> values) noexcept {
    const std::size_t head = head_.load(std::memory_order_relaxed);
    const std::size_t room = mask_ + 1 - (head - tail_.load(std::memory_order_acquire));
    const std::size_t count = values.size() < room ? values.size() : room;
    const std::size_t at = head & mask_;
    const std::size_t first = count < mask_ + 1 - at ? count : mask_ + 1 - at;
    if (count > 0) {
      std::memcpy(slots_.get() + at, values.data(), first * sizeof(T));
      std::memcpy(slots_.get(), values.data() + first, (count - first) * sizeof(T));
    }
    head_.store(head + count, std::memory_order_release);
    return count;
  }

  /// Consumer. False when empty.
  [[nodiscard]] bool pop(T& value) noexcept {
    if (readable() == 0) return false;
    peek({&value, 1});
    skip(1);
    return true;
  }

  /// Consumer. Copies the oldest values without taking them; there must be that many.
  void peek(std::span<T> into) const noexcept {
    const std::size_t at = tail_.load(std::memory_order_relaxed) & mask_;
    const std::size_t first = into.size() < mask_ + 1 - at ? into.size() : mask_ + 1 - at;
    if (into.empty()) return;
    std::memcpy(into.data(), slots_.get() + at, first * sizeof(T));
    std::memcpy(into.data() + first, slots_.get(), (into.size() - first) * sizeof(T));
  }

  /// Consumer. Lets go of the oldest `count` values.
  void skip(std::size_t count) noexcept {
    tail_.store(tail_.load(std::memory_order_relaxed) + count, std::memory_order_release);
  }

  /// Consumer. Jumps to an index the producer announced with `written()`.
  void skip_to(std::size_t index) noexcept { tail_.store(index, std::memory_order_release); }

  /// Consumer's view of how many values wait.
  [[nodiscard]] std::size_t readable() const noexcept {
    return head_.load(std::memory_order_acquire) - tail_.load(std::memory_order_relaxed);
  }

  /// Producer's view of how many more fit.
  [[nodiscard]] std::size_t writable() const noexcept {
    return mask_ + 1 - (head_.load(std::memory_order_relaxed) - tail_.load(std::memory_order_acquire));
  }

  /// Producer. Index one past the newest value, counted since construction.
  [[nodiscard]] std::size_t written() const noexcept { return head_.load(std::memory_order_relaxed); }

  [[nodiscard]] std::size_t capacity() const noexcept { return mask_ + 1; }

 private:
  const std::size_t mask_;
  const std::unique_ptr<T[]> slots_;
  alignas(64) std::atomic<std::size_t> head_{0};
  alignas(64) std::atomic<std::size_t> tail_{0};
};

}  // namespace offhook
