package io.oqronkit.pubsub.spring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate authority of a test's own, with the tools of the JDK alone. What it signs is good for a day. */
final class Certificates {

    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final Path store;

    Certificates(Path folder) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        this.store = folder.resolve("all.p12");
        keytool("-alias", "ca", "-dname", "CN=A test's own CA", "-ext", "bc:c");
    }

    /** The certificate to trust. */
    Path authority() throws IOException, GeneralSecurityException {
        return pem("ca.pem", "CERTIFICATE", load().getCertificate("ca").getEncoded());
    }

    /** Makes {@code <name>.pem} and {@code <name>.key} for a server, with {@code san}, such as {@code ip:127.0.0.1}. */
    void sign(String name, String san) throws IOException, InterruptedException, GeneralSecurityException {
        keytool("-alias", name, "-dname", "CN=" + name, "-ext", "san=" + san, "-signer", "ca");
        KeyStore all = load();
        pem(name + ".pem", "CERTIFICATE", all.getCertificate(name).getEncoded());
        pem(
                name + ".key",
                "PRIVATE KEY",
                all.getKey(name, PASSWORD.toCharArray()).getEncoded());
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    private Path pem(String file, String type, byte[] content) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                folder.resolve(file), "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }

    private void keytool(String... what) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of(what));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "1"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException(output);
        }
    }
}
