#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "counters.h"
#include "shared_voice.h"
#include "spsc_queue.h"

namespace offhook {

/// What passes on a session's line, for somebody outside who is not heard: pairs of what the far end says, as it would be played, and what
/// it is sent. The media thread writes, the control thread reads; what is not read in time is left out, and counted in `lost_samples`.
class LineMonitor {
 public:
  static constexpr std::size_t kRingSamples = 1U << 16U;  ///< 2 s of both sides

  LineMonitor(SharedVoice& voice, Counter& lost_samples) : voice_(voice), lost_samples_(lost_samples), pairs_(kRingSamples) {}

  /// Media thread. `sent` is due at `due` and begins at position `from`.
  void pass(std::span<const std::int16_t> sent, std::int64_t from, MonotonicNs due) noexcept {
    std::array<std::int16_t, kMaxSentSamples> said;
    voice_.listen(std::span(said).first(sent.size()), from, due);
    if (pairs_.writable() < 2 * sent.size()) {
      lost_samples_.add(sent.size());
      return;
    }
    std::array<std::int16_t, 2 * kMaxSentSamples> both;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      both[2 * i] = said[i];
      both[2 * i + 1] = sent[i];
    }
    pairs_.write(std::span<const std::int16_t>(both).first(2 * sent.size()));
  }

  /// Control thread. How many samples `read` can take now, of both sides together.
  [[nodiscard]] std::size_t readable() const noexcept { return pairs_.readable(); }
  /// Control thread. At most as many as are readable.
  void read(std::span<std::int16_t> into) noexcept {
    pairs_.peek(into);
    pairs_.skip(into.size());
  }

  /// Control thread. Forgets what was not read.
  void drop() noexcept { pairs_.skip(pairs_.readable()); }

 private:
  SharedVoice& voice_;
  Counter& lost_samples_;
  SpscQueue<std::int16_t> pairs_;
};

}  // namespace offhook
