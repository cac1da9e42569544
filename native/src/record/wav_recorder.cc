#include "record/wav_recorder.h"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace offhook {

namespace {

/// Below everything that must not wait, above nothing: recordings may take as long as the rings last.
constexpr int kNiceness = 10;

}  // namespace

void WavRecorder::Recording::write(Side side, std::int64_t position, std::span<const std::int16_t> samples) noexcept {
  SampleRing& ring = side == Side::left ? left_ : right_;
  if (failed() || !ring.push(position, samples)) dropped_.fetch_add(samples.size(), std::memory_order_relaxed);
}

WavRecorder::WavRecorder(Options options) : options_(options), thread_([this] { run(); }) {}

WavRecorder::~WavRecorder() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

WavRecorder::Recording* WavRecorder::open(const std::string& path, int rate_hz, std::string& error, const std::optional<Seal>& seal) {
  auto file = WavFile::create(path, rate_hz, error, seal);
  if (!file) return nullptr;
  const auto ring_samples = static_cast<std::size_t>(options_.ring_ms) * static_cast<std::size_t>(rate_hz) / 1000;
  std::unique_ptr<Recording> recording(new Recording(std::move(file), ring_samples));
  Recording* handle = recording.get();
  const std::lock_guard lock(mutex_);
  recordings_.push_back(std::move(recording));
  return handle;
}

void WavRecorder::close(Recording* recording, Done done) {
  {
    const std::lock_guard lock(mutex_);
    recording->closing_ = true;
    recording->done_ = std::move(done);
    close_asked_ = true;
  }
  wake_.notify_one();
}

void WavRecorder::run() {
  pthread_setname_np(pthread_self(), "offhook-record");
  // On Linux a thread id is a process to setpriority; zero is the calling thread. Without effect is without harm.
  static_cast<void>(setpriority(PRIO_PROCESS, 0, kNiceness));

  const auto write_interval = std::chrono::milliseconds(options_.write_interval_ms);
  auto next_write = Clock::now() + write_interval;
  auto next_header = Clock::now() + std::chrono::milliseconds(options_.header_interval_ms);
  std::vector<Recording*> open;
  std::vector<std::unique_ptr<Recording>> closing;
  bool stopping = false;
  while (!stopping) {
    {
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, next_write, [this] { return stopping_ || close_asked_; });
      stopping = stopping_;
      close_asked_ = false;
      const auto first_closing =
          std::stable_partition(recordings_.begin(), recordings_.end(), [&](const auto& each) { return !each->closing_ && !stopping; });
      closing.assign(std::make_move_iterator(first_closing), std::make_move_iterator(recordings_.end()));
      recordings_.erase(first_closing, recordings_.end());
      open.clear();
      for (const auto& recording : recordings_) open.push_back(recording.get());
    }
    // Files are written without the lock: only this thread removes recordings, so the pointers stay good.
    for (const auto& recording : closing) finish(*recording);
    closing.clear();
    const auto now = Clock::now();
    if (now < next_write) continue;
    const bool header_due = now >= next_header;
    for (Recording* recording : open) serve(*recording, header_due);
    // After a stall the beat starts anew instead of catching up.
    next_write = Clock::now() + write_interval;
    if (header_due) next_header = now + std::chrono::milliseconds(options_.header_interval_ms);
  }
}

void WavRecorder::serve(Recording& recording, bool header_due) noexcept {
  drain(recording);
  WavFile& file = *recording.file_;
  if (!file.failed()) {
    file.flush();
    if (header_due && !file.failed()) file.write_header();
  }
  recording.lost_in_file_.store(file.lost_samples(), std::memory_order_relaxed);
  if (file.failed()) recording.failed_.store(true, std::memory_order_release);
}

void WavRecorder::finish(Recording& recording) {
  drain(recording);
  WavFile& file = *recording.file_;
  file.finish();
  const Result result{
      .duration_samples = file.frames_on_disk(),
      .lost_samples = recording.dropped_.load(std::memory_order_relaxed) + file.lost_samples(),
      .error = file.error(),
  };
  if (recording.done_) recording.done_(result);
}

void WavRecorder::drain(Recording& recording) {
  const auto place_on = [&](WavFile::Side side) {
    return [&file = *recording.file_, side](std::int64_t position, std::span<const std::int16_t> samples) {
      file.place(side, position, samples);
    };
  };
  recording.left_.drain(place_on(WavFile::Side::left));
  recording.right_.drain(place_on(WavFile::Side::right));
}

}  // namespace offhook
