#include "record/wav_file.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "test/support/wav_reader.h"

namespace offhook {
namespace {

using Side = WavFile::Side;
using Samples = std::vector<std::int16_t>;
using test::FileSizeLimit;
using test::read_wav;
using test::TempDir;

constexpr int kRateHz = 8000;

std::unique_ptr<WavFile> create(const std::string& path) {
  std::string error;
  auto file = WavFile::create(path, kRateHz, error);
  REQUIRE_MESSAGE(file, error);
  return file;
}

TEST_CASE("a fresh file is a valid, empty stereo WAV") {
  const TempDir dir;
  const auto file = create(dir.path("a.wav"));
  const auto wav = read_wav(dir.path("a.wav"));
  CHECK(wav.rate_hz == kRateHz);
  CHECK(wav.channels == 2);
  CHECK(wav.bits == 16);
  CHECK(wav.left.empty());
}

TEST_CASE("each side lands at its positions on its channel, gaps are zeros") {
  const TempDir dir;
  const auto file = create(dir.path("a.wav"));
  file->place(Side::left, 0, Samples{1, 2, 3});
  file->place(Side::right, 2, Samples{-7, -8});
  file->place(Side::left, 5, Samples{6});
  file->finish();
  const auto wav = read_wav(dir.path("a.wav"));
  CHECK(wav.left == Samples{1, 2, 3, 0, 0, 6});
  CHECK(wav.right == Samples{0, 0, -7, -8, 0, 0});
  CHECK(file->frames_on_disk() == 6);
  CHECK(file->lost_samples() == 0);
}

TEST_CASE("flush writes what both sides have reached and waits a second for the one behind") {
  const TempDir dir;
  const auto file = create(dir.path("a.wav"));
  file->place(Side::left, 0, Samples(800, 1));
  file->place(Side::right, 0, Samples(500, 2));
  file->flush();
  CHECK(file->frames_on_disk() == 500);
  file->place(Side::left, 800, Samples(kRateHz, 1));
  file->flush();
  CHECK(file->frames_on_disk() == 800);
}

TEST_CASE("a side later than a second is written in place, over the zeros already on disk") {
  const TempDir dir;
  const auto file = create(dir.path("a.wav"));
  file->place(Side::left, 0, Samples(3 * kRateHz, 1));
  file->flush();
  REQUIRE(file->frames_on_disk() == 2 * kRateHz);
  // Across the border between what is on disk and what is not.
  file->place(Side::right, kRateHz, Samples(kRateHz + 10, 2));
  file->finish();
  const auto wav = read_wav(dir.path("a.wav"));
  CHECK(wav.left == Samples(3 * kRateHz, 1));
  Samples right(3 * kRateHz, 0);
  std::fill_n(right.begin() + kRateHz, kRateHz + 10, std::int16_t{2});
  CHECK(wav.right == right);
  CHECK(file->lost_samples() == 0);
}

TEST_CASE("after a long silence of both the timeline goes on where the clock says, and late samples still find their place in it") {
  const TempDir dir;
  const auto file = create(dir.path("a.wav"));
  file->place(Side::left, 0, Samples{1});
  file->place(Side::left, 60 * kRateHz, Samples{3});
  file->place(Side::right, 30 * kRateHz, Samples{2});
  file->finish();
  const auto wav = read_wav(dir.path("a.wav"));
  REQUIRE(wav.left.size() == 60 * kRateHz + 1);
  CHECK(wav.left.front() == 1);
  CHECK(wav.left.back() == 3);
  CHECK(wav.right[30 * kRateHz] == 2);
  CHECK(std::count(wav.left.begin(), wav.left.end(), 0) == 60 * kRateHz - 1);
  CHECK(std::count(wav.right.begin(), wav.right.end(), 0) == 60 * kRateHz);
}

TEST_CASE("the header never promises more than the file holds, whenever one looks") {
  const TempDir dir;
  const auto file = create(dir.path("a.wav"));
  for (int i = 0; i < 300; ++i) {
    file->place(Side::left, i * 160, Samples(160, 5));
    if (i % 3 != 0) file->place(Side::right, i * 160, Samples(160, 6));
    if (i % 25 == 0) file->flush();
    if (i % 50 == 0) file->write_header();
    const auto wav = read_wav(dir.path("a.wav"));
    REQUIRE(wav.promised_frames <= wav.held_frames);
  }
  file->write_header();
  const auto wav = read_wav(dir.path("a.wav"));
  CHECK(static_cast<std::int64_t>(wav.left.size()) == file->frames_on_disk());
  CHECK(wav.left.size() > 299 * 160 - 2 * kRateHz);
}

TEST_CASE("samples from before the start or beyond what a WAV can hold are lost, counted, and harm nothing") {
  const TempDir dir;
  const auto file = create(dir.path("a.wav"));
  file->place(Side::left, -2, Samples{9, 9, 1, 2});
  file->place(Side::left, INT64_MIN, Samples{9});
  CHECK(file->lost_samples() == 3);
  CHECK_FALSE(file->failed());
  file->place(Side::right, INT64_MAX - 1, Samples{9});
  CHECK(file->failed());
  CHECK(file->lost_samples() == 4);
  CHECK(read_wav(dir.path("a.wav")).left == Samples{1, 2});
}

TEST_CASE("a disk that is full from the start, or a path that is not there, is told at once") {
  std::string error;
  CHECK(WavFile::create("/dev/full", kRateHz, error) == nullptr);
  CHECK(error == "No space left on device");
  const TempDir dir;
  CHECK(WavFile::create(dir.path("no/such/dir.wav"), kRateHz, error) == nullptr);
  CHECK(error == "No such file or directory");
}

TEST_CASE("a disk that fills up ends the file: what was written stays valid, the rest is counted") {
  const TempDir dir;
  const auto file = create(dir.path("a.wav"));
  const auto write_second = [&](int second) {
    file->place(Side::left, second * kRateHz, Samples(kRateHz, 1));
    file->place(Side::right, second * kRateHz, Samples(kRateHz, 2));
    file->flush();
  };
  write_second(0);
  {
    const FileSizeLimit limit(WavFile::kHeaderBytes + 4 * kRateHz * 3 / 2);
    write_second(1);
    CHECK(file->failed());
    CHECK(file->error() == "File too large");
    write_second(2);
  }
  file->finish();
  CHECK(file->frames_on_disk() == kRateHz);
  CHECK(file->lost_samples() == 4 * kRateHz);
  const auto wav = read_wav(dir.path("a.wav"));
  CHECK(wav.left == Samples(kRateHz, 1));
  CHECK(wav.right == Samples(kRateHz, 2));
}

}  // namespace
}  // namespace offhook
