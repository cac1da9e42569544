#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_cipher_ctx_st;

namespace offhook {

/// Bytes on disk that are read and written anywhere. What was never written reads as zeros. Owned by one thread.
class ByteFile {
 public:
  virtual ~ByteFile() = default;
  /// False on an I/O error, with the reason in `errno`.
  virtual bool read_at(std::span<std::uint8_t> into, std::int64_t offset) = 0;
  virtual bool write_at(std::span<const std::uint8_t> bytes, std::int64_t offset) = 0;
};

/// As they are.
class PlainFile : public ByteFile {
 public:
  /// Creates the file, or empties it. Null, with the reason in `errno`, when that fails.
  static std::unique_ptr<PlainFile> create(const std::string& path);
  ~PlainFile() override;
  PlainFile(const PlainFile&) = delete;
  PlainFile& operator=(const PlainFile&) = delete;

  bool read_at(std::span<std::uint8_t> into, std::int64_t offset) override;
  bool write_at(std::span<const std::uint8_t> bytes, std::int64_t offset) override;
  /// Cuts off what lies behind.
  void end_at(std::int64_t offset) noexcept;

 private:
  explicit PlainFile(int fd) noexcept : fd_(fd) {}
  int fd_;
};

/// Sealed block by block: AES-256-GCM, each time a block is written under a nonce of its own, its place authenticated with it.
///
/// On disk: the prefix as it was given, then for each `kBlockBytes` of content the nonce, the ciphertext and the tag; the last one
/// may be shorter. A block of zeros alone was never written: content that is skipped costs nothing, as in any file. A block that the disk
/// has no room for is as it was before.
class SealedFile : public ByteFile {
 public:
  static constexpr std::size_t kKeyBytes = 32;
  static constexpr std::size_t kBlockBytes = 4096;
  static constexpr std::size_t kNonceBytes = 12;
  static constexpr std::size_t kTagBytes = 16;
  static constexpr std::size_t kSlotBytes = kNonceBytes + kBlockBytes + kTagBytes;

  /// `key` is this file's alone. Null, with the reason in `errno`, when the file cannot be made.
  static std::unique_ptr<SealedFile> create(const std::string& path, std::span<const std::uint8_t> prefix,
                                            std::span<const std::uint8_t, kKeyBytes> key);
  ~SealedFile() override;
  SealedFile(const SealedFile&) = delete;
  SealedFile& operator=(const SealedFile&) = delete;

  bool read_at(std::span<std::uint8_t> into, std::int64_t offset) override;
  bool write_at(std::span<const std::uint8_t> bytes, std::int64_t offset) override;

 private:
  using Block = std::array<std::uint8_t, kBlockBytes>;

  SealedFile(std::unique_ptr<PlainFile> file, std::size_t prefix_bytes, std::span<const std::uint8_t, kKeyBytes> key);

  [[nodiscard]] std::int64_t slot_at(std::int64_t block) const noexcept;
  [[nodiscard]] std::size_t used_of(std::int64_t block) const noexcept;
  bool complete_last_before(std::int64_t offset);
  bool load(std::int64_t block, Block& into);
  bool store(std::int64_t block, std::span<const std::uint8_t> content);
  bool replace(std::int64_t block, const Block& before, const Block& content, std::int64_t end);

  std::unique_ptr<PlainFile> file_;
  std::int64_t prefix_bytes_;
  std::array<std::uint8_t, kKeyBytes> key_{};
  evp_cipher_ctx_st* cipher_;
  std::int64_t end_{0};  ///< of the content
};

}  // namespace offhook
