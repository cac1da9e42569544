#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

/// Reads recordings back the way a player would.
namespace offhook::test {

class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "offhook-test-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// Makes files of this process end at `bytes`, as a disk that fills up would.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    old_handler_ = std::signal(SIGXFSZ, SIG_IGN);
    REQUIRE(getrlimit(RLIMIT_FSIZE, &old_) == 0);
    const rlimit limited{bytes, old_.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limited) == 0);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_{};
  void (*old_handler_)(int){SIG_DFL};
};

struct Wav {
  int rate_hz{0};
  int channels{0};
  int bits{0};
  std::size_t promised_frames{0};
  std::size_t held_frames{0};
  std::vector<std::int16_t> left;
  std::vector<std::int16_t> right;
};

inline Wav read_wav(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::vector<char> bytes((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  REQUIRE(bytes.size() >= 44);
  const auto number = [&](std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data() + at, size);
    return value;
  };
  REQUIRE(std::string(bytes.data(), 4) == "RIFF");
  REQUIRE(std::string(bytes.data() + 8, 8) == "WAVEfmt ");
  REQUIRE(number(16, 4) == 16);
  REQUIRE(number(20, 2) == 1);
  REQUIRE(std::string(bytes.data() + 36, 4) == "data");
  Wav wav;
  wav.channels = static_cast<int>(number(22, 2));
  wav.rate_hz = static_cast<int>(number(24, 4));
  REQUIRE(number(28, 4) == number(24, 4) * 4);
  REQUIRE(number(32, 2) == 4);
  wav.bits = static_cast<int>(number(34, 2));
  REQUIRE(number(4, 4) == number(40, 4) + 36);
  wav.promised_frames = number(40, 4) / 4;
  wav.held_frames = (bytes.size() - 44) / 4;
  const std::size_t frames = std::min(wav.promised_frames, wav.held_frames);
  std::vector<std::int16_t> samples(frames * 2);
  if (frames > 0) std::memcpy(samples.data(), bytes.data() + 44, frames * 4);
  for (std::size_t i = 0; i < frames; ++i) {
    wav.left.push_back(samples[2 * i]);
    wav.right.push_back(samples[2 * i + 1]);
  }
  return wav;
}

}  // namespace offhook::test
