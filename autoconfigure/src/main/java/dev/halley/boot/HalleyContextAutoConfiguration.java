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

import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ContextSnapshotFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextHolderStrategy;
import org.springframework.util.ClassUtils;

import dev.halley.ContextCapture;

/**
 * Auto-configuration of what the code of pairs finds on its threads: the security context
 * of the handshake where Spring Security is there, and all that has a
 * {@code ThreadLocalAccessor} where Micrometer's context propagation is. Other
 * {@link ContextCapture} beans come in addition.
 *
 * @since 0.1
 */
@AutoConfiguration
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnBooleanProperty(name = "halley.enabled", matchIfMissing = true)
public final class HalleyContextAutoConfiguration {

	private static final String SECURITY = "org.springframework.security.core.context.SecurityContextHolderStrategy";

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ContextSnapshotFactory.class)
	static class MicrometerConfiguration {

		@Bean
		@Order(0)
		@ConditionalOnMissingBean(name = "halleySnapshotCapture")
		SnapshotCapture halleySnapshotCapture() {
			boolean secured = ClassUtils.isPresent(SECURITY, getClass().getClassLoader());
			return new SnapshotCapture(ContextRegistry.getInstance(),
					(key) -> !secured || !SecurityContextCapture.isKey(key));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SecurityContextHolderStrategy.class)
	static class SecurityConfiguration {

		@Bean
		@Order(1)
		@ConditionalOnMissingBean(name = "halleySecurityContextCapture")
		SecurityContextCapture halleySecurityContextCapture(ObjectProvider<SecurityContextHolderStrategy> strategy) {
			return new SecurityContextCapture(strategy.getIfUnique(SecurityContextHolder::getContextHolderStrategy));
		}

	}

}
