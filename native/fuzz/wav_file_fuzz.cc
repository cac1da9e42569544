#include <sys/stat.h>

#include <algorithm>
#include <string>
#include <unistd.h>
#include <vector>

#include "fuzz/byte_source.h"
#include "record/wav_file.h"

/// Any runs at any positions of either side: the file on disk is always as long as the header will say, and nothing but what lies
/// outside the timeline is lost.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace offhook;
  using fuzz::require;
  static const std::string path = "/tmp/offhook-fuzz-" + std::to_string(::getpid()) + ".wav";
  fuzz::ByteSource source(data, size);
  std::string error;
  const auto file = WavFile::create(path, 1000, error);
  require(file != nullptr);
  std::int64_t end = 0;
  while (!source.empty()) {
    const auto action = source.number<std::uint8_t>();
    const auto side = action & 1 ? WavFile::Side::left : WavFile::Side::right;
    // Mostly near, sometimes anywhere that does not end the file.
    const std::int64_t position = action & 2 ? source.number<std::int32_t>() % 1'000'000 : end + source.number<std::int16_t>() / 16;
    const std::vector<std::int16_t> samples(source.number<std::uint16_t>() % 3000, 1);
    const auto before_start = std::min<std::int64_t>(std::max<std::int64_t>(-position, 0), static_cast<std::int64_t>(samples.size()));
    const auto lost = file->lost_samples();
    file->place(side, position, samples);
    require(file->lost_samples() == lost + static_cast<std::uint64_t>(before_start));
    if (!samples.empty()) end = std::max(end, position + static_cast<std::int64_t>(samples.size()));
    if (action & 4) file->flush();
    if (action & 8) file->write_header();
    require(!file->failed() && file->frames_on_disk() <= end);
  }
  file->finish();
  require(file->frames_on_disk() == end);
  struct stat status {};
  require(::stat(path.c_str(), &status) == 0);
  require(status.st_size == static_cast<std::int64_t>(WavFile::kHeaderBytes) + 4 * end);
  ::unlink(path.c_str());
  return 0;
}
