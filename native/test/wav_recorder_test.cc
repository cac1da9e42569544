#include "record/wav_recorder.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <future>
#include <thread>

#include "test/support/wav_reader.h"

namespace offhook {
namespace {

using Side = WavFile::Side;
using Samples = std::vector<std::int16_t>;
using test::FileSizeLimit;
using test::read_wav;
using test::TempDir;

constexpr int kRateHz = 16'000;
constexpr WavRecorder::Options kQuick{.write_interval_ms = 1, .header_interval_ms = 1, .ring_ms = 2000};
/// Never by itself: only `close` makes it write.
constexpr WavRecorder::Options kStalled{.write_interval_ms = 3'600'000, .header_interval_ms = 3'600'000, .ring_ms = 1000};

const Seal kSeal{.prefix = std::vector<std::uint8_t>(64, 0x50), .key = {1, 2, 3}};

std::uintmax_t sealed_size(std::size_t frames) {
  const std::size_t bytes = frames * 4;
  const std::size_t rest = bytes % SealedFile::kBlockBytes;
  const std::size_t last = rest == 0 ? 0 : rest + SealedFile::kNonceBytes + SealedFile::kTagBytes;
  return kSeal.prefix.size() + bytes / SealedFile::kBlockBytes * SealedFile::kSlotBytes + last;
}

WavRecorder::Recording* open(WavRecorder& recorder, const std::string& path, const std::optional<Seal>& seal = std::nullopt) {
  std::string error;
  auto* recording = recorder.open(path, kRateHz, error, seal);
  REQUIRE_MESSAGE(recording != nullptr, error);
  return recording;
}

WavRecorder::Result close(WavRecorder& recorder, WavRecorder::Recording* recording) {
  std::promise<WavRecorder::Result> done;
  recorder.close(recording, [&](const WavRecorder::Result& result) { done.set_value(result); });
  auto future = done.get_future();
  REQUIRE(future.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  return future.get();
}

template <typename Condition>
void wait_until(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    std::this_thread::yield();
  }
}

TEST_CASE("a ring gives runs back in order, across its end, and refuses what does not fit") {
  SampleRing ring(256);
  std::int16_t next = 0;
  std::int16_t expected = 0;
  std::int64_t position = 0;
  for (int round = 0; round < 500; ++round) {
    Samples run(static_cast<std::size_t>(1 + round % 70));
    for (auto& sample : run) sample = next++;
    REQUIRE(ring.push(position, run));
    std::int64_t at = position;
    ring.drain([&](std::int64_t piece_position, std::span<const std::int16_t> piece) {
      REQUIRE(piece_position == at);
      for (const auto sample : piece) REQUIRE(sample == expected++);
      at += static_cast<std::int64_t>(piece.size());
    });
    position += static_cast<std::int64_t>(run.size());
    REQUIRE(at == position);
  }
  REQUIRE(ring.push(0, Samples(240)));
  CHECK_FALSE(ring.push(0, Samples(20)));
  CHECK_FALSE(ring.push(0, Samples(10'000)));
}

TEST_CASE("what a media thread writes while the recorder works is in the file sample by sample") {
  const TempDir dir;
  WavRecorder recorder(kQuick);
  auto* recording = open(recorder, dir.path("a.wav"));
  constexpr int kFrames = 500;
  std::thread media([&] {
    Samples frame(320);
    for (int i = 0; i < kFrames; ++i) {
      std::fill(frame.begin(), frame.end(), static_cast<std::int16_t>(i));
      recording->write(Side::left, i * 320, frame);
      std::fill(frame.begin(), frame.end(), static_cast<std::int16_t>(-i));
      recording->write(Side::right, i * 320, frame);
      if (i % 40 == 0) std::this_thread::yield();
    }
  });
  media.join();
  const auto result = close(recorder, recording);
  CHECK(result.error.empty());
  const auto wav = read_wav(dir.path("a.wav"));
  REQUIRE(static_cast<std::int64_t>(wav.left.size()) == result.duration_samples);
  std::uint64_t missing = 0;
  for (std::size_t i = 0; i < wav.left.size(); ++i) {
    const auto expected = static_cast<std::int16_t>(i / 320);
    // A dropped frame is zeros and counted; a wrong one is neither.
    REQUIRE((wav.left[i] == expected || wav.left[i] == 0));
    REQUIRE((wav.right[i] == -expected || wav.right[i] == 0));
    missing += (wav.left[i] != expected ? 1U : 0U) + (wav.right[i] != -expected ? 1U : 0U);
  }
  missing += 2U * (static_cast<std::uint64_t>(kFrames) * 320U - wav.left.size());
  CHECK(missing == result.lost_samples);
}

TEST_CASE("while the disk stalls the ring holds its time; the rest is dropped, counted, and leaves zeros") {
  const TempDir dir;
  WavRecorder recorder(kStalled);
  auto* recording = open(recorder, dir.path("a.wav"));
  const Samples frame(320, 7);
  for (int i = 0; i < 100; ++i) recording->write(Side::left, i * 320, frame);
  const std::uint64_t lost = recording->lost_samples();
  CHECK(lost > 0);
  CHECK(lost <= 100 * 320 - kRateHz * 95 / 100);
  const auto result = close(recorder, recording);
  CHECK(result.lost_samples == lost);
  const auto wav = read_wav(dir.path("a.wav"));
  CHECK(std::count(wav.left.begin(), wav.left.end(), 7) == 100 * 320 - static_cast<std::int64_t>(lost));
}

TEST_CASE("files are apart from each other, and the recorder's end completes those still open") {
  const TempDir dir;
  {
    WavRecorder recorder(kStalled);
    std::vector<WavRecorder::Recording*> recordings;
    for (int i = 0; i < 20; ++i) recordings.push_back(open(recorder, dir.path(std::to_string(i))));
    for (int i = 0; i < 20; ++i) {
      recordings[static_cast<std::size_t>(i)]->write(i % 2 == 0 ? Side::left : Side::right, 0, Samples(10, static_cast<std::int16_t>(i)));
    }
    CHECK(close(recorder, recordings[3]).duration_samples == 10);
  }
  for (int i = 0; i < 20; ++i) {
    const auto wav = read_wav(dir.path(std::to_string(i)));
    CHECK((i % 2 == 0 ? wav.left : wav.right) == Samples(10, static_cast<std::int16_t>(i)));
    CHECK((i % 2 == 0 ? wav.right : wav.left) == Samples(10, 0));
  }
}

TEST_CASE("a full disk is reported while recording goes on, and the file keeps what it had") {
  const TempDir dir;
  WavRecorder recorder(kQuick);
  auto* recording = open(recorder, dir.path("a.wav"));
  recording->write(Side::left, 0, Samples(1000, 1));
  recording->write(Side::right, 0, Samples(1000, 1));
  wait_until([&] { return read_wav(dir.path("a.wav")).promised_frames == 1000; });
  const FileSizeLimit limit(WavFile::kHeaderBytes + 4 * 1500);
  recording->write(Side::left, 1000, Samples(1000, 2));
  recording->write(Side::right, 1000, Samples(1000, 2));
  wait_until([&] { return recording->failed(); });
  CHECK(recording->error() == "File too large");
  recording->write(Side::left, 2000, Samples(500, 3));
  const auto result = close(recorder, recording);
  CHECK(result.error == "File too large");
  CHECK(result.duration_samples == 1000);
  CHECK(result.lost_samples == 2500);
  CHECK(read_wav(dir.path("a.wav")).left == Samples(1000, 1));
}

TEST_CASE("a full disk leaves a sealed file with what it had, and what is lost is counted") {
  const TempDir dir;
  WavRecorder recorder(kQuick);
  const std::string path = dir.path("a");
  auto* recording = open(recorder, path, kSeal);
  recording->write(Side::left, 0, Samples(1500, 1));
  recording->write(Side::right, 0, Samples(1500, 1));
  wait_until([&] { return std::filesystem::file_size(path) == sealed_size(1500); });
  const FileSizeLimit limit(sealed_size(1700));
  recording->write(Side::left, 1500, Samples(1000, 2));
  recording->write(Side::right, 1500, Samples(1000, 2));
  wait_until([&] { return recording->failed(); });
  recording->write(Side::left, 2500, Samples(500, 3));
  const auto result = close(recorder, recording);
  CHECK(result.error == "File too large");
  CHECK(result.duration_samples == 1500);
  CHECK(result.lost_samples == 2500);
  CHECK(std::filesystem::file_size(path) == sealed_size(1500));
}

TEST_CASE("a sealed file of a disk that stalled is as long as the call, and what is lost is counted") {
  const TempDir dir;
  WavRecorder recorder(kStalled);
  const std::string path = dir.path("a");
  auto* recording = open(recorder, path, kSeal);
  const Samples frame(320, 7);
  for (int i = 0; i < 100; ++i) recording->write(Side::left, i * 320, frame);
  // The other side's ring is its own.
  recording->write(Side::right, 99 * 320, frame);
  const std::uint64_t lost = recording->lost_samples();
  CHECK(lost > 0);
  const auto result = close(recorder, recording);
  CHECK(result.error.empty());
  CHECK(result.lost_samples == lost);
  CHECK(result.duration_samples == 100 * 320);
  CHECK(std::filesystem::file_size(path) == sealed_size(100 * 320));
}

TEST_CASE("a file that cannot be created gives no recording but a reason") {
  WavRecorder recorder(kQuick);
  std::string error;
  CHECK(recorder.open("/dev/full", kRateHz, error) == nullptr);
  CHECK(error == "No space left on device");
}

TEST_CASE("a process killed with SIGKILL leaves a valid file with what was written before") {
  const TempDir dir;
  const std::string path = dir.path("a.wav");
  const pid_t child = ::fork();
  if (child == 0) {
    auto* recorder = new WavRecorder(kQuick);
    std::string error;
    auto* recording = recorder->open(path, kRateHz, error);
    if (recording == nullptr) ::_exit(1);
    for (std::int64_t i = 0;; ++i) {
      recording->write(Side::left, i * 320, Samples(320, 4));
      recording->write(Side::right, i * 320, Samples(320, 5));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  REQUIRE(child > 0);
  wait_until([&] { return std::filesystem::exists(path) && std::filesystem::file_size(path) > 40'000; });
  REQUIRE(::kill(child, SIGKILL) == 0);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  const auto wav = read_wav(path);
  CHECK(wav.promised_frames <= wav.held_frames);
  CHECK(wav.left.size() > 1000);
  CHECK(wav.left == Samples(wav.left.size(), 4));
  CHECK(wav.right == Samples(wav.left.size(), 5));
}

}  // namespace
}  // namespace offhook
