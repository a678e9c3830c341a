/*
 * Copyright 2026-present the Halley authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.halley.boot;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A key for TLS and a certificate for it that it signed itself, in a file.
 *
 * @param file the key store
 * @since 0.1
 */
public record TestKeys(Path file) {

	private static final String PASSWORD = "changeit";

	/**
	 * Makes new keys.
	 * @param directory where to
	 * @return the keys
	 */
	public static TestKeys create(Path directory) throws Exception {
		Path file = directory.resolve("keys.p12");
		String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
		Process process = new ProcessBuilder(keytool, "-genkeypair", "-keyalg", "EC", "-alias", "localhost", "-dname",
				"CN=localhost", "-ext", "SAN=dns:localhost", "-keystore", file.toString(), "-storetype", "PKCS12",
				"-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		// What was signed by the key is trusted as a certificate, not as a key
		KeyStore store = load(file);
		store.setCertificateEntry("trusted", store.getCertificate("localhost"));
		try (OutputStream out = Files.newOutputStream(file)) {
			store.store(out, PASSWORD.toCharArray());
		}
		return new TestKeys(file);
	}

	private static KeyStore load(Path file) throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			store.load(in, PASSWORD.toCharArray());
		}
		return store;
	}

	/**
	 * Returns what makes a server use them.
	 * @param more other properties as {@code name=value}
	 * @return all these properties
	 */
	public String[] properties(String... more) {
		List<String> properties = new ArrayList<>(List.of(more));
		properties.add("server.ssl.key-store=" + this.file);
		properties.add("server.ssl.key-store-password=" + PASSWORD);
		return properties.toArray(String[]::new);
	}

	/**
	 * Returns what makes a client trust them.
	 * @return the context
	 */
	public SSLContext trusting() throws Exception {
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(load(this.file));
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, trust.getTrustManagers(), null);
		return context;
	}

}
