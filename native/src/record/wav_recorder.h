#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "record/sample_ring.h"
#include "record/wav_file.h"

namespace offhook {

/// Writes all recordings from one thread of low priority, so that a slow disk delays nothing but itself.
class WavRecorder {
 public:
  struct Options {
    /// How often what has come in is written. Small writes of many calls would keep the disk busy.
    int write_interval_ms{500};
    /// Bounds what a kill -9 costs, together with the former.
    int header_interval_ms{1000};
    /// How much of each side is held while the disk stalls.
    int ring_ms{2000};
  };

  struct Result {
    std::int64_t duration_samples{0};
    /// Of both sides: dropped while the disk stalled, or not written after a failure.
    std::uint64_t lost_samples{0};
    /// Empty unless the file ended early.
    std::string error;
  };
  /// Runs on the recorder's thread.
  using Done = std::function<void(const Result&)>;

  /// One recording. Belongs to the recorder from `open` until `close` reports.
  class Recording {
   public:
    using Side = WavFile::Side;

    /// For one media thread. `position` counts samples on the timeline both sides share, from the start of the recording.
    /// Never blocks: when the ring is full the samples are dropped and counted.
    void write(Side side, std::int64_t position, std::span<const std::int16_t> samples) noexcept;

    /// Any thread, while open. True once the file has ended early: disk full, path gone. `error` then says why.
    [[nodiscard]] bool failed() const noexcept { return failed_.load(std::memory_order_acquire); }
    [[nodiscard]] const std::string& error() const noexcept { return file_->error(); }

    /// Any thread, while open.
    [[nodiscard]] std::uint64_t lost_samples() const noexcept {
      return dropped_.load(std::memory_order_relaxed) + lost_in_file_.load(std::memory_order_relaxed);
    }

   private:
    friend class WavRecorder;
    Recording(std::unique_ptr<WavFile> file, std::size_t ring_samples)
        : file_(std::move(file)), left_(ring_samples), right_(ring_samples) {}

    std::unique_ptr<WavFile> file_;  ///< the recorder thread's
    SampleRing left_;
    SampleRing right_;
    std::atomic<std::uint64_t> dropped_{0};
    std::atomic<std::uint64_t> lost_in_file_{0};
    std::atomic<bool> failed_{false};
    bool closing_{false};  ///< guarded by the recorder's mutex, as is `done_`
    Done done_;
  };

  WavRecorder() : WavRecorder(Options{}) {}
  explicit WavRecorder(Options options);
  /// Completes every file, reports to whoever waits, and joins the thread. Nobody may write any more.
  ~WavRecorder();
  WavRecorder(const WavRecorder&) = delete;
  WavRecorder& operator=(const WavRecorder&) = delete;

  /// Creates the file. Any thread but the media one (it touches the disk). Null, with the reason in `error`, when that fails.
  Recording* open(const std::string& path, int rate_hz, std::string& error, const std::optional<Seal>& seal = std::nullopt);

  /// Any thread; at once. Writes what is left, closes the file, calls `done` and frees the recording. The caller has made sure
  /// that the media thread no longer writes, and does not touch the recording afterwards.
  void close(Recording* recording, Done done);

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void serve(Recording& recording, bool header_due) noexcept;
  static void finish(Recording& recording);
  static void drain(Recording& recording);

  const Options options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::unique_ptr<Recording>> recordings_;  ///< guarded by `mutex_`; removed by the recorder thread only
  bool stopping_{false};
  bool close_asked_{false};
  std::thread thread_;
};

}  // namespace offhook
