#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>

#include "clock.h"

namespace offhook {

/// Layout of one slot of the audio memory: a header of 32-bit words (0: generation, 1: samples written), then the ring.
struct AudioSlot {
  std::uint8_t* base{nullptr};
  std::size_t header_bytes{0};
  std::size_t ring_samples{0};  ///< a power of two
};

/// What the far end said, at 16 kHz. Written by the media thread; the ring is read by any thread of the process.
class HeardAudio {
 public:
  HeardAudio(AudioSlot slot, std::uint32_t generation) : slot_(slot), arrivals_(std::make_unique<Arrival[]>(kArrivals)) {
    // Whatever the last caller said goes, and the memory is there before the media thread writes to it: a page fault may take its time.
    std::memset(slot_.base + slot_.header_bytes, 0, slot_.ring_samples * sizeof(std::int16_t));
    word(1).store(0, std::memory_order_relaxed);
    word(0).store(generation, std::memory_order_release);
  }

  /// Media thread. `arrival` is when the packet that brought these samples came.
  void write(std::span<const std::int16_t> samples, MonotonicNs arrival) noexcept {
    Arrival& entry = arrivals_[arrival_count_ % kArrivals];
    entry.first_sample.store(count_, std::memory_order_relaxed);
    entry.at.store(arrival, std::memory_order_release);
    arrival_count_ += 1;
    arrivals_written_.store(arrival_count_, std::memory_order_release);

    auto* ring = reinterpret_cast<std::int16_t*>(slot_.base + slot_.header_bytes);
    std::size_t done = 0;
    while (done < samples.size()) {
      const std::size_t at = (count_ + done) & (slot_.ring_samples - 1);
      const std::size_t run = std::min(samples.size() - done, slot_.ring_samples - at);
      std::memcpy(ring + at, samples.data() + done, run * sizeof(std::int16_t));
      done += run;
    }
    count_ += samples.size();
    word(1).store(static_cast<std::uint32_t>(count_), std::memory_order_release);
  }

  /// Control thread, once the media thread has let go: the slot is free again.
  void release() noexcept { word(0).store(0, std::memory_order_release); }

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  /// Any thread. Arrival of the packet that carries `sample`; empty when not yet heard or too old to know.
  [[nodiscard]] std::optional<MonotonicNs> arrival_of(std::uint64_t sample) const noexcept {
    const std::uint64_t written = arrivals_written_.load(std::memory_order_acquire);
    const std::uint64_t oldest = written > kArrivals - kMargin ? written - (kArrivals - kMargin) : 0;
    for (std::uint64_t i = written; i-- > oldest;) {
      const Arrival& entry = arrivals_[i % kArrivals];
      const MonotonicNs at = entry.at.load(std::memory_order_acquire);
      if (entry.first_sample.load(std::memory_order_relaxed) <= sample) return at;
    }
    return std::nullopt;
  }

 private:
  struct Arrival {
    std::atomic<std::uint64_t> first_sample{0};
    std::atomic<MonotonicNs> at{0};
  };
  static constexpr std::uint64_t kArrivals = 1024;  ///< 20 s of 20 ms packets: longer than the ring
  static constexpr std::uint64_t kMargin = 16;      ///< entries that may be overwritten while a reader looks

  std::atomic_ref<std::uint32_t> word(std::size_t index) const noexcept {
    return std::atomic_ref<std::uint32_t>(reinterpret_cast<std::uint32_t*>(slot_.base)[index]);
  }

  AudioSlot slot_;
  std::uint64_t count_{0};
  std::uint64_t arrival_count_{0};
  std::unique_ptr<Arrival[]> arrivals_;
  std::atomic<std::uint64_t> arrivals_written_{0};
};

}  // namespace offhook
