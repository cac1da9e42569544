#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

#include "record/byte_file.h"
#include "record/wav_file.h"
#include "support/wav_reader.h"

namespace offhook {
namespace {

using Bytes = std::vector<std::uint8_t>;
using test::TempDir;

const Bytes kPrefix(64, 0x50);

std::array<std::uint8_t, SealedFile::kKeyBytes> key_of(std::uint8_t byte) {
  std::array<std::uint8_t, SealedFile::kKeyBytes> key{};
  key.fill(byte);
  return key;
}

Bytes on_disk(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Bytes read_all(SealedFile& file, std::size_t size) {
  Bytes content(size);
  REQUIRE(file.read_at(content, 0));
  return content;
}

TEST_CASE("what is written anywhere, in any order, reads back; what was skipped is zeros") {
  TempDir directory;
  const auto file = SealedFile::create(directory.path("x"), kPrefix, key_of(1));
  REQUIRE(file != nullptr);
  std::mt19937 random(7);
  Bytes expected(100'000, 0);
  std::size_t end = 0;
  for (int i = 0; i < 400; ++i) {
    const std::size_t offset = random() % (i < 200 ? 40'000U : 90'000U);
    Bytes piece(random() % 9'000U);
    for (auto& byte : piece) byte = static_cast<std::uint8_t>(random());
    REQUIRE(file->write_at(piece, static_cast<std::int64_t>(offset)));
    std::copy(piece.begin(), piece.end(), expected.begin() + static_cast<std::ptrdiff_t>(offset));
    end = std::max(end, offset + piece.size());
  }
  CHECK(read_all(*file, expected.size()) == expected);
  const std::size_t blocks = end / SealedFile::kBlockBytes;
  const std::size_t rest = end % SealedFile::kBlockBytes;
  const std::size_t last = rest == 0 ? 0 : rest + SealedFile::kNonceBytes + SealedFile::kTagBytes;
  CHECK(on_disk(directory.path("x")).size() == kPrefix.size() + blocks * SealedFile::kSlotBytes + last);
}

TEST_CASE("a disk that is full leaves what was written before, to the byte") {
  constexpr std::size_t kBlock = SealedFile::kBlockBytes;
  constexpr std::size_t kFrame = SealedFile::kNonceBytes + SealedFile::kTagBytes;
  for (const std::size_t held : {std::size_t{0}, std::size_t{1'000}, kBlock, kBlock + 700}) {
    for (const std::size_t more : {std::size_t{500}, kBlock, 3 * kBlock}) {
      CAPTURE(held);
      CAPTURE(more);
      TempDir directory;
      const auto file = SealedFile::create(directory.path("x"), kPrefix, key_of(1));
      REQUIRE(file != nullptr);
      const Bytes before(held, 0x11);
      REQUIRE(file->write_at(before, 0));
      const std::size_t size = on_disk(directory.path("x")).size();
      {
        // Some room, but not for all of it.
        const test::FileSizeLimit limit(size + more / 2);
        CHECK_FALSE(file->write_at(Bytes(more, 0x22), static_cast<std::int64_t>(held)));
        CHECK(errno == EFBIG);
      }
      CHECK(read_all(*file, held) == before);
      const std::size_t after = on_disk(directory.path("x")).size() - kPrefix.size();
      const std::size_t rest = after % SealedFile::kSlotBytes;
      const std::size_t content = after / SealedFile::kSlotBytes * kBlock + (rest == 0 ? 0 : rest - kFrame);
      CHECK(content >= held);
      CHECK(content < held + more);
      // Whatever of it was kept is what was to be written.
      Bytes kept(content);
      REQUIRE(file->read_at(kept, 0));
      CHECK(std::all_of(kept.begin() + static_cast<std::ptrdiff_t>(held), kept.end(), [](std::uint8_t byte) { return byte == 0x22; }));
      REQUIRE(file->write_at(Bytes(more, 0x33), static_cast<std::int64_t>(held)));
      CHECK(read_all(*file, held + more).back() == 0x33);
    }
  }
}

TEST_CASE("nothing of the content can be seen, and no block is written twice alike") {
  TempDir directory;
  const Bytes content(2 * SealedFile::kBlockBytes, 0x41);
  for (const char* name : {"a", "b"}) {
    const auto file = SealedFile::create(directory.path(name), kPrefix, key_of(1));
    REQUIRE(file->write_at(content, 0));
  }
  const Bytes a = on_disk(directory.path("a"));
  const Bytes b = on_disk(directory.path("b"));
  REQUIRE(a.size() == b.size());
  CHECK(std::equal(kPrefix.begin(), kPrefix.end(), a.begin()));
  std::size_t same = 0;
  std::size_t clear = 0;
  for (std::size_t i = kPrefix.size(); i < a.size(); ++i) {
    same += a[i] == b[i] ? 1U : 0U;
    clear += a[i] == 0x41 ? 1U : 0U;
  }
  CHECK(same < a.size() / 100);
  CHECK(clear < a.size() / 100);
}

TEST_CASE("a file that was tampered with is not read on") {
  TempDir directory;
  const std::string path = directory.path("x");
  const auto file = SealedFile::create(path, kPrefix, key_of(1));
  REQUIRE(file->write_at(Bytes(10'000, 1), 0));
  {
    std::fstream disk(path, std::ios::in | std::ios::out | std::ios::binary);
    disk.seekp(static_cast<std::streamoff>(kPrefix.size() + SealedFile::kSlotBytes + 100));
    disk.put('!');
  }
  Bytes block(100);
  CHECK(file->read_at(block, 0));
  CHECK_FALSE(file->read_at(block, SealedFile::kBlockBytes));
  CHECK_FALSE(file->write_at(block, SealedFile::kBlockBytes + 50));
}

TEST_CASE("a sealed recording has the samples of a plain one, a long silence and a side that comes late included") {
  TempDir directory;
  std::string error;
  const auto sealed_path = directory.path("sealed");
  auto plain = WavFile::create(directory.path("plain.wav"), 8'000, error);
  auto sealed = WavFile::create(sealed_path, 8'000, error, Seal{.prefix = kPrefix, .key = key_of(9)});
  REQUIRE(plain != nullptr);
  REQUIRE(sealed != nullptr);
  const std::vector<std::int16_t> voice(3'000, 1234);
  for (WavFile* file : {plain.get(), sealed.get()}) {
    file->place(WavFile::Side::left, 100, voice);
    file->flush();
    file->place(WavFile::Side::left, 60'000, voice);
    file->flush();
    file->place(WavFile::Side::right, 500, voice);
    file->finish();
    CHECK_FALSE(file->failed());
  }
  CHECK(sealed->frames_on_disk() == plain->frames_on_disk());
  CHECK(sealed->lost_samples() == plain->lost_samples());
  plain.reset();
  const Bytes wav = on_disk(directory.path("plain.wav"));
  const std::size_t content = wav.size() - WavFile::kHeaderBytes;
  const std::size_t full = content / SealedFile::kBlockBytes;
  const std::size_t rest = content % SealedFile::kBlockBytes;
  const std::size_t last = rest == 0 ? 0 : rest + SealedFile::kNonceBytes + SealedFile::kTagBytes;
  CHECK(on_disk(sealed_path).size() == kPrefix.size() + full * SealedFile::kSlotBytes + last);
}

}  // namespace
}  // namespace offhook
