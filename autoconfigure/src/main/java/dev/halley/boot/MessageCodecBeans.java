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

import java.util.Map;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;

import dev.halley.codec.MessageCodec;
import dev.halley.codec.MessageCodecs;

/**
 * The application's own codecs, in their order, with the types of their bean definitions:
 * these know the type of the messages where the class of the codec, such as that of a
 * lambda expression, does not.
 */
final class MessageCodecBeans {

	private final ConfigurableListableBeanFactory beanFactory;

	MessageCodecBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	@SuppressWarnings("rawtypes")
	void addTo(MessageCodecs.Builder builder) {
		Map<String, MessageCodec> names = BeanFactoryUtils.beansOfTypeIncludingAncestors(this.beanFactory,
				MessageCodec.class);
		this.beanFactory.getBeanProvider(MessageCodec.class)
			.orderedStream()
			.forEach((codec) -> builder.codec(typeOf(codec, names), codec));
	}

	@SuppressWarnings("rawtypes")
	private ResolvableType typeOf(MessageCodec codec, Map<String, MessageCodec> names) {
		return names.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() == codec)
			.map((entry) -> definedType(entry.getKey()))
			.filter((type) -> type.as(MessageCodec.class).getGeneric(0).resolve() != null)
			.findFirst()
			.orElseGet(() -> ResolvableType.forClass(AopUtils.getTargetClass(codec)));
	}

	private ResolvableType definedType(String name) {
		if (!this.beanFactory.containsBeanDefinition(name)) {
			return ResolvableType.NONE;
		}
		BeanDefinition definition = this.beanFactory.getMergedBeanDefinition(name);
		return definition.getResolvableType();
	}

}
